import type { IncomingHttpHeaders } from 'node:http'

/** An address, or the name that every machine has for itself: nobody else can make a page at one of these. */
const ADDRESS = /^(\d+(\.\d+){3}|\[[\da-f:.]+\]|localhost)(:\d+)?$/i

/**
 * Whether a request comes from a web page of somebody else's, which a browser would let drive whatever listens on the
 * learner's own machine. A page either says where it is from, or calls this server by a name of its own.
 */
export function isFromPage({ host = '', origin }: IncomingHttpHeaders): boolean {
  if (origin !== undefined && origin !== `http://${host}`) return true
  return host !== '' && !ADDRESS.test(host)
}
