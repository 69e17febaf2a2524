import type { ViewBadge } from 'vscode';

interface Badged {
  badge?: ViewBadge | undefined;
}

/**
 * The number at the icon of Gatehouse. It belongs to the view of approvals, but VS Code makes that one only when somebody first
 * opens it; until then another view of the same container stands in.
 */
export class ContainerBadge {
  #own: Badged | undefined;
  #standIn: Badged | undefined;
  #badge: ViewBadge | undefined;

  /** The view of approvals is there, or gone. */
  own(view: Badged | undefined): void {
    this.#own = view;
    this.#put();
  }

  standIn(view: Badged): void {
    this.#standIn = view;
    this.#put();
  }

  show(badge: ViewBadge | undefined): void {
    this.#badge = badge;
    this.#put();
  }

  #put(): void {
    if (this.#own !== undefined) this.#own.badge = this.#badge;
    if (this.#standIn !== undefined) this.#standIn.badge = this.#own === undefined ? this.#badge : undefined;
  }
}
