"""What a Python program does with a database, as JSON on standard output. Connects by libpq's own variables."""
import io
import json

import psycopg2
import psycopg2.extensions

said = {"denials": []}
connection = psycopg2.connect("")
cursor = connection.cursor()

cursor.execute("SELECT name, email FROM customers WHERE id = %s", (3,))
said["name"], said["email"] = cursor.fetchone()
cursor.execute("SELECT email FROM customers WHERE id = %s", (3,))
(said["email_again"],) = cursor.fetchone()

cursor.execute("INSERT INTO orders (customer_id, note) VALUES (%s, %s)", (3, "kept by psycopg2"))
for statement in ("DROP TABLE orders", "DELETE FROM orders"):
    try:
        cursor.execute(statement)
    except psycopg2.Error as error:
        said["denials"].append(error.pgcode)
        said["hint_or_detail"] = "%s %s %s" % (
            error.diag.message_primary,
            error.diag.message_detail,
            error.diag.message_hint,
        )
in_transaction = psycopg2.extensions.TRANSACTION_STATUS_INTRANS
status = connection.get_transaction_status()
said["status_after_denial"] = "in transaction" if status == in_transaction else status
connection.commit()
cursor.execute("SELECT count(*) FROM orders WHERE note = 'kept by psycopg2'")
(said["inserted"],) = cursor.fetchone()

cursor.copy_expert(
    "COPY orders (customer_id, note) FROM STDIN", io.StringIO("1\tby psycopg2\n2\tby psycopg2\n")
)
out = io.StringIO()
cursor.copy_expert(
    "COPY (SELECT customer_id, note FROM orders WHERE note = 'by psycopg2' ORDER BY 1) TO STDOUT", out
)
said["copied"] = out.getvalue()

named = connection.cursor("stream")
named.itersize = 17
named.execute("SELECT id, email FROM customers ORDER BY id")
rows = list(named)
said["streamed"] = len(rows)
said["streamed_unmasked"] = sum("@" in row[1] for row in rows)
named.close()
connection.commit()

try:
    cursor.execute("SELECT 1 / 0")
except psycopg2.Error as error:
    said["division"] = error.pgcode
connection.rollback()
connection.close()
print(json.dumps(said))
