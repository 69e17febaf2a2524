/**
 * A relay that does nothing but move bytes: what a Node process costs before it reads, decides or records anything.
 * Arguments: the port of the server. Says its own port on standard output; ends with its standard input.
 */
import net from 'node:net';

const upstream = Number(process.argv[2]);
const server = net.createServer({ noDelay: true }, (client) => {
  const target = net.connect({ host: '127.0.0.1', port: upstream, noDelay: true });
  client.pipe(target);
  target.pipe(client);
  client.on('error', () => target.destroy());
  target.on('error', () => client.destroy());
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as net.AddressInfo).port));
process.stdin.resume().on('end', () => process.exit());
