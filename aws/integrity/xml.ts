// Reads the XML of S3's answers into elements: small, strict enough to tell a broken answer from an empty one.
import { IntegrityError, type XmlComplaint } from '../../events/digest/index.ts';

/** An element; namespaces are kept apart from its name, attributes are not kept. */
export interface XmlElement {
  name: string;
  /** It stands in a namespace. */
  isQualified: boolean;
  /** What stands before the first child; undefined when nothing does. */
  text: string | undefined;
  children: XmlElement[];
}

/** The text is no XML. */
export class XmlError extends IntegrityError {
  constructor(complaint: XmlComplaint, xml: string, at: number) {
    const lines = xml.slice(0, at).split('\n');
    super({ code: 'ANSWER_NOT_XML', complaint, line: lines.length, column: lines.at(-1)!.length });
  }
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, number?: string, name?: string) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    return number ? String.fromCodePoint(Number(number)) : (ENTITIES[name!] ?? whole);
  });
}

/** The next piece of markup: comment, instruction, declaration, character data, tag. */
const MARKUP =
  /<(?:!--[\s\S]*?-->|\?[\s\S]*?\?>|!\[CDATA\[([\s\S]*?)\]\]>|![^>]*>|(\/?)([A-Za-z_][\w.:-]*)((?:[^<>"']|"[^"]*"|'[^']*')*?)(\/?)>)/y;

/** An element that is still open. */
interface OpenElement extends XmlElement {
  tag: string;
  hasDefaultNamespace: boolean;
}

class XmlReading {
  private readonly xml: string;
  private readonly open: OpenElement[] = [];
  private root: XmlElement | undefined;

  constructor(xml: string) {
    this.xml = xml;
  }

  private addText(text: string, at: number): void {
    const inside = this.open.at(-1);
    if (inside) {
      if (inside.children.length === 0 && text !== '') inside.text = (inside.text ?? '') + text;
    } else if (text.trim() !== '') throw new XmlError(this.root ? 'second root' : 'text outside', this.xml, at + text.search(/\S/));
  }

  private begin(tag: string, attributes: string, at: number): void {
    const parent = this.open.at(-1);
    if (!parent && this.root) throw new XmlError('second root', this.xml, at);
    const hasDefaultNamespace = parent?.hasDefaultNamespace || /\sxmlns\s*=/.test(attributes);
    const name = tag.slice(tag.indexOf(':') + 1);
    const element = {
      name,
      tag,
      hasDefaultNamespace,
      isQualified: hasDefaultNamespace || tag.includes(':'),
      text: undefined,
      children: [],
    };
    if (parent) parent.children.push(element);
    else this.root = element;
    this.open.push(element);
  }

  private end(tag: string, at: number): void {
    if (this.open.at(-1)?.tag !== tag) throw new XmlError('wrong end', this.xml, at + 2);
    this.open.pop();
  }

  read(): XmlElement {
    const { xml } = this;
    let at = xml.startsWith('\ufeff') ? 1 : 0;
    while (at < xml.length) {
      const next = xml.indexOf('<', at);
      this.addText(unescaped(xml.slice(at, next < 0 ? xml.length : next)), at);
      if (next < 0) break;
      MARKUP.lastIndex = next;
      const found = MARKUP.exec(xml);
      if (!found) throw new XmlError('no markup', xml, next);
      const [whole, data, isEnd, tag, attributes, isEmpty] = found;
      if (data !== undefined) this.addText(data, next);
      if (tag && isEnd) this.end(tag, next);
      else if (tag) this.begin(tag, attributes!, next);
      if (tag && isEmpty) this.end(tag, next);
      at = next + whole.length;
    }
    if (!this.root || this.open.length > 0) throw new XmlError('no element', xml, xml.length);
    return this.root;
  }
}

/** The root element of a text. @throws XmlError when it is no XML */
export const readXml = (xml: string): XmlElement => new XmlReading(xml).read();

/** The first child with a name. */
export const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((candidate) => candidate.name === name);
