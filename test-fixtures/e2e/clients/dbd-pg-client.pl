# What a Perl program does with a database, as key=value lines. Connects by libpq's own variables.
use strict;
use warnings;
use DBI;

my $db = DBI->connect('dbi:Pg:', $ENV{PGUSER}, $ENV{PGPASSWORD}, { RaiseError => 1, PrintError => 0, AutoCommit => 1 });

my $by_id = $db->prepare('SELECT name, email FROM customers WHERE id = ?', { pg_prepare_now => 1 });
my ($rows, $unmasked) = (0, 0);
for my $id (1 .. 3) {
  $by_id->execute($id);
  while (my ($name, $email) = $by_id->fetchrow_array) {
    $rows++;
    $unmasked++ if $email =~ /@/;
  }
}
print "rows=$rows\nunmasked=$unmasked\n";

eval { $db->do('DROP TABLE orders') };
print 'denied=', $db->state, "\n";

my ($count) = $db->selectrow_array('SELECT count(*) FROM orders WHERE id <= 400');
print "after=$count\n";

$db->do('COPY orders (customer_id, note) FROM STDIN');
$db->pg_putcopydata("1\tby perl\n");
$db->pg_putcopydata("2\tby perl\n");
$db->pg_putcopyend;
($count) = $db->selectrow_array(q{SELECT count(*) FROM orders WHERE note = 'by perl'});
print "copied=$count\n";

$db->begin_work;
my $insert = $db->prepare('INSERT INTO orders (customer_id, note) VALUES (?, ?)');
$insert->execute(4, 'perl transaction');
eval { $db->do('DELETE FROM orders') };
$db->commit;
($count) = $db->selectrow_array(q{SELECT count(*) FROM orders WHERE note = 'perl transaction'});
print "inserted=$count\n";
$db->disconnect;
