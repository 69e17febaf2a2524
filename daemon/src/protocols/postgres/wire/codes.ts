/**
 * Numbers and names of PostgreSQL's frontend/backend protocol, versions 3.0 and 3.2, as its documentation writes them
 * (chapter "Frontend/Backend Protocol", section "Message Formats").
 */

/** The type bytes of what a client sends. Three more messages share `p` with PasswordMessage, told apart by context. */
export const FrontendType = {
  Bind: 0x42,
  Close: 0x43,
  CopyData: 0x64,
  CopyDone: 0x63,
  CopyFail: 0x66,
  Describe: 0x44,
  Execute: 0x45,
  Flush: 0x48,
  FunctionCall: 0x46,
  Parse: 0x50,
  /** Also GSSResponse, SASLInitialResponse and SASLResponse. */
  PasswordMessage: 0x70,
  Query: 0x51,
  Sync: 0x53,
  Terminate: 0x58,
} as const;
export type FrontendName = keyof typeof FrontendType;

/** The type bytes of what a server sends. */
export const BackendType = {
  /** AuthenticationOk, AuthenticationSASL and all other requests of that family. */
  Authentication: 0x52,
  BackendKeyData: 0x4b,
  BindComplete: 0x32,
  CloseComplete: 0x33,
  CommandComplete: 0x43,
  CopyBothResponse: 0x57,
  CopyData: 0x64,
  CopyDone: 0x63,
  CopyInResponse: 0x47,
  CopyOutResponse: 0x48,
  DataRow: 0x44,
  EmptyQueryResponse: 0x49,
  ErrorResponse: 0x45,
  FunctionCallResponse: 0x56,
  NegotiateProtocolVersion: 0x76,
  NoData: 0x6e,
  NoticeResponse: 0x4e,
  NotificationResponse: 0x41,
  ParameterDescription: 0x74,
  ParameterStatus: 0x53,
  ParseComplete: 0x31,
  PortalSuspended: 0x73,
  ReadyForQuery: 0x5a,
  RowDescription: 0x54,
} as const;
export type BackendName = keyof typeof BackendType;

function namesByType(types: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(types).map(([name, type]) => [type, name]));
}
const frontendNames = namesByType(FrontendType);
const backendNames = namesByType(BackendType);

function unknown(type: number): string {
  return `message of unknown type 0x${type.toString(16).padStart(2, '0')}`;
}

/** The documented name of a client's message, or words for a type that the protocol does not have. */
export function frontendName(type: number): string {
  return frontendNames.get(type) ?? unknown(type);
}

/** As {@link frontendName}, for a server's message. */
export function backendName(type: number): string {
  return backendNames.get(type) ?? unknown(type);
}

/** The first Int32 after the length in a packet that has no type byte: a version or one of these. */
export const RequestCode = {
  CancelRequest: 80877102,
  SSLRequest: 80877103,
  GSSENCRequest: 80877104,
} as const;

export const protocolMajor = 3;
/** The newest minor version spoken on both sides. Version 3.1 was never used by any server. */
export const newestMinor = 2;

/** The Int32 of a StartupMessage: major version in the upper half, minor in the lower. */
export function protocolVersion(minor: number): number {
  return (protocolMajor << 16) | minor;
}

/** The Int32 that begins each message of the Authentication family. */
export const AuthenticationCode = {
  Ok: 0,
  KerberosV5: 2,
  CleartextPassword: 3,
  MD5Password: 5,
  GSS: 7,
  GSSContinue: 8,
  SSPI: 9,
  SASL: 10,
  SASLContinue: 11,
  SASLFinal: 12,
} as const;

/** The format code of a value. */
export const Format = { text: 0, binary: 1 } as const;
export type FormatCode = (typeof Format)[keyof typeof Format];

/** The codes of "PostgreSQL Error Codes" that Gatehouse says or looks for, under their documented condition names. */
export const Sqlstate = {
  sqlclient_unable_to_establish_sqlconnection: '08001',
  sqlserver_rejected_establishment_of_sqlconnection: '08004',
  connection_failure: '08006',
  protocol_violation: '08P01',
  feature_not_supported: '0A000',
  character_not_in_repertoire: '22021',
  in_failed_sql_transaction: '25P02',
  invalid_sql_statement_name: '26000',
  invalid_authorization_specification: '28000',
  invalid_password: '28P01',
  invalid_cursor_name: '34000',
  invalid_catalog_name: '3D000',
  insufficient_privilege: '42501',
  syntax_error: '42601',
  too_many_connections: '53300',
  configuration_limit_exceeded: '53400',
  program_limit_exceeded: '54000',
  statement_too_complex: '54001',
  query_canceled: '57014',
  admin_shutdown: '57P01',
  cannot_connect_now: '57P03',
  system_error: '58000',
  internal_error: 'XX000',
} as const;
export type SqlstateName = keyof typeof Sqlstate;
