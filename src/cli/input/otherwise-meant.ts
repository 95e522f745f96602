/** Text that is no query, and names what an option asks about: a server, or a provider. */
import { hostPort, parseHostPort } from '../../model/endpoint.ts';
import { SmtpFindError } from '../../model/errors.ts';
import { parseNamedServer } from '../../model/named-server.ts';
import { quoted } from '../../model/printable.ts';
import { loadDirectory } from '../../providers/directory.ts';
import type { Provider } from '../../providers/provider.ts';

/** Ports on which mail is submitted; another one is more likely of a web page. */
const PORTS: readonly number[] = [25, 465, 587, 2525];
const URL_OF_SERVER = /^(?:smtp|submission)s?:\/\//i;
const HOST_AND_PORT = /^([^\s,;:@/]+)[\s,;:]+(?:port\s*)?(\d+)$/i;
/** Longer than a provider's name. */
const MAX_NAME = 60;

/** @returns what it was, with that as a suggestion; an error about other text as it is */
export async function withOptionMeant(error: unknown, text: string): Promise<unknown> {
  if (!(error instanceof SmtpFindError) || error.code !== 'bad-input') return error;
  const server = serverMeant(text);
  if (server !== null) {
    return meaning(error, `${quoted(text, 80)} is a server: did you mean --server ${server}?`);
  }
  if (/[@.:/,]/.test(text) || text.length > MAX_NAME) return error;
  const [provider, ...others] = (await loadDirectory()).byName(text);
  if (provider === undefined) return error;
  const isOne = others.length === 0;
  const typed = text.trim();
  const name = isOne ? provider.id : /\s/.test(typed) ? quoted(typed) : typed;
  const domain = isOne ? ownDomain(provider) : undefined;
  const address = domain === undefined ? '' : ` or you@${domain}`;
  const meant = `--provider ${name}${address}`;
  return meaning(error, `${quoted(text, 80)} is a provider: did you mean ${meant}?`);
}

/** Of many the one that people know it by. */
function ownDomain({ id, domains }: Provider): string | undefined {
  return (
    domains.find((domain) => domain === `${id}.com`) ??
    domains.find((domain) => domain.startsWith(`${id}.`)) ??
    domains[0]
  );
}

/** `smtp.example.com 587`, as one argument or as two; `smtps://smtp.example.com`. */
export function serverMeant(text: string): string | null {
  const typed = text.trim();
  if (URL_OF_SERVER.test(typed)) {
    try {
      const { host, port, encryption } = parseNamedServer(typed);
      return port === null
        ? host
        : encryption === 'tls' && port !== 465
          ? typed
          : hostPort(host, port);
    } catch {
      return null;
    }
  }
  const [, host = '', port = ''] = HOST_AND_PORT.exec(typed) ?? [];
  const place = PORTS.includes(Number(port)) ? parseHostPort(`${host}:${Number(port)}`) : null;
  return place?.port && place.host.includes('.') ? hostPort(place.host, place.port) : null;
}

function meaning(error: SmtpFindError, message: string): SmtpFindError {
  return new SmtpFindError('bad-input', message, { cause: error });
}
