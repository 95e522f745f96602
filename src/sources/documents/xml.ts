/**
 * XML as far as published settings need it: elements, attributes and text, read by
 * fast-xml-parser, which is loaded on first use.
 *
 * Entities are decoded here and not by the parser: the five that XML defines and character
 * references, nothing else. Any DTD is refused, so nothing can expand. Names are lower case
 * without a namespace prefix, which forgives more than XML does and costs nothing.
 */
import { printable } from '../../model/printable.ts';
import { decodeText } from './decode-text.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children; trimmed. */
  readonly text: string;
}

export type XmlResult =
  | { readonly ok: true; readonly root: XmlElement }
  | {
      readonly ok: false;
      /** `other`: a web page, nothing at all, or no XML; `malformed`: meant to be XML. */
      readonly kind: 'other' | 'malformed';
      /** One line, printable. */
      readonly reason: string;
    };

const HTML_ELEMENTS: ReadonlySet<string> = new Set(
  'html head body title meta script style link div span p h1 h2 h3 center br a table'.split(' '),
);
const MAX_DEPTH = 60;
/** The limit on tags, comments and sections of a document; published settings have some hundred. */
const MAX_MARKUP = 8000;

/** Never throws on any bytes. */
export async function readXml(bytes: Uint8Array, contentType: string): Promise<XmlResult> {
  // White space ahead of the declaration is a common slip of templates.
  const text = decodeText(bytes, contentType).trim();
  if (text === '') return { ok: false, kind: 'other', reason: 'an empty document' };
  const markup = scanMarkup(text);
  if (markup.html) return { ok: false, kind: 'other', reason: 'a web page (HTML)' };
  if (markup.root === null) return { ok: false, kind: 'other', reason: 'not an XML document' };
  if (markup.problem !== null) return malformed(markup.problem);

  const { XMLParser, XMLValidator } = await import('fast-xml-parser');
  try {
    const verdict = XMLValidator.validate(text);
    if (verdict !== true) return malformed(`malformed XML (${verdict.err.msg})`);
    const parser = new XMLParser({
      preserveOrder: true,
      ignoreAttributes: false,
      ignoreDeclaration: true,
      ignorePiTags: true,
      removeNSPrefix: true,
      trimValues: false,
      parseTagValue: false,
      parseAttributeValue: false,
      processEntities: false,
      cdataPropName: CDATA,
      maxNestedTags: MAX_DEPTH,
      jPath: false,
      // No XML name begins with a dot, so that no element can be named like an object's own member.
      transformTagName: (name) => (name.startsWith('.') ? name : `.${name}`),
    });
    const root = elementsIn(parser.parse(text))[0];
    return root ? { ok: true, root } : malformed('malformed XML (no root element)');
  } catch (error) {
    return malformed(`malformed XML (${error instanceof Error ? error.message : 'unreadable'})`);
  }
}

/** The first child of that name. */
export function child(element: XmlElement, name: string): XmlElement | null {
  return element.children.find((item) => item.name === name) ?? null;
}

export function childrenNamed(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((item) => item.name === name);
}

/** The text of the first child of that name; empty when there is none. */
export function childText(element: XmlElement, name: string): string {
  return child(element, name)?.text ?? '';
}

/** Text made safe to stand in the body of an XML element. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function malformed(reason: string): XmlResult {
  return { ok: false, kind: 'malformed', reason: printable(reason, 160) };
}

interface Markup {
  readonly html: boolean;
  /** Null when no element comes first. */
  readonly root: string | null;
  readonly problem: string | null;
}

/**
 * What kind of document it is, and whether it holds any declaration of a DTD, in one pass:
 * comments and CDATA may hold what looks like one.
 */
function scanMarkup(text: string): Markup {
  if (!text.startsWith('<')) return { html: false, root: null, problem: null };
  let root: string | null = null;
  let problem: string | null = null;
  let count = 0;
  for (let at = 0; at !== -1; at = text.indexOf('<', at)) {
    if (++count > MAX_MARKUP) {
      problem ??= 'it holds too many elements';
      break;
    }
    const open = SKIPPED.find(([start]) => text.startsWith(start, at));
    if (open) {
      const end = text.indexOf(open[1], at + open[0].length);
      if (end === -1) {
        problem ??= `malformed XML (${open[0]} without ${open[1]})`;
        break;
      }
      at = end + open[1].length;
      continue;
    }
    if (text.startsWith('<!', at)) {
      if (root === null && /^<!doctype\s+html\b/i.test(text.slice(at, at + 40))) {
        return { html: true, root: null, problem: null };
      }
      problem ??= 'it holds a DTD, which is refused';
    } else if (root === null) {
      root = /^<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)/.exec(text.slice(at, at + 100))?.[1] ?? null;
      if (root === null) return { html: false, root: null, problem: null };
      if (HTML_ELEMENTS.has(root.toLowerCase())) return { html: true, root, problem: null };
    }
    at++;
  }
  return { html: false, root, problem };
}

const SKIPPED = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

// What fast-xml-parser builds with preserveOrder: a list of objects of one key each, the element's
// name, beside ':@' with the attributes.
const CDATA = '#cdata';
const ATTRIBUTES = ':@';
const ATTRIBUTE_PREFIX = '@_';

function elementsIn(nodes: unknown): XmlElement[] {
  const elements: XmlElement[] = [];
  for (const node of records(nodes)) {
    for (const [key, value] of Object.entries(node)) {
      if (!key.startsWith('.')) continue;
      elements.push({
        name: key.slice(1).toLowerCase(),
        attributes: attributesOf(node[ATTRIBUTES]),
        children: elementsIn(value),
        text: textIn(value).trim(),
      });
    }
  }
  return elements;
}

function textIn(nodes: unknown): string {
  let text = '';
  for (const node of records(nodes)) {
    const plain = node['#text'];
    if (typeof plain === 'string') text += decodeReferences(plain);
    for (const part of records(node[CDATA])) {
      const raw = part['#text'];
      if (typeof raw === 'string') text += raw;
    }
  }
  return text;
}

function attributesOf(value: unknown): Map<string, string> {
  const attributes = new Map<string, string>();
  if (!isRecord(value)) return attributes;
  for (const [key, text] of Object.entries(value)) {
    const name = key.slice(ATTRIBUTE_PREFIX.length).toLowerCase();
    if (typeof text === 'string') attributes.set(name, decodeReferences(text).trim());
  }
  return attributes;
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** Unknown entities stay as they are: they belong to a DTD, and there is none. */
function decodeReferences(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (...match) => {
    const [whole, decimal, hex, name] = match as (string | undefined)[];
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole ?? '';
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? '', 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
