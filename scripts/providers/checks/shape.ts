/** The first thing to know of a file: whether it is JSON and has the shape of the schema. */
import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import type { ProviderFile } from '../format.ts';
import type { OurText } from '../ours.ts';
import { inFile } from './check.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../data/provider.schema.json', import.meta.url), 'utf8'),
) as object;

/** What editors show: `errorMessage` is the remedy in ours as well. */
const HINTS = ['enumDescriptions', 'errorMessage'];

const validate = new Ajv({ allErrors: true, verbose: true })
  .addVocabulary(HINTS)
  .compile<ProviderFile>(schema);

/** The provider, or what keeps its file from being one. */
export function readShape({ file, text }: OurText): ProviderFile | string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return [inFile(file, notJson(text, error))];
  }
  if (!validate(value)) {
    const errors = validate.errors ?? [];
    const lines = errors.filter((error) => tellsMost(error, errors)).map(sentence);
    return [...new Set(lines)].map((line) => inFile(file, line));
  }
  if (file !== `${value.id}.json`) {
    return [inFile(file, `id is "${value.id}": rename the file to ${value.id}.json, or change id`)];
  }
  return value;
}

function notJson(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : '';
  const [, what = message, position] = /^(.*) in JSON at position (\d+)/.exec(message) ?? [];
  const line = text.slice(0, Number(position ?? 0)).split('\n').length;
  const where = position === undefined ? '' : ` at line ${line}, or the one before`;
  return `this is not JSON (${what}): look for a comma, quote or bracket too many or too few${where}`;
}

/** `if` and the branches of `anyOf` only repeat what another error says better. */
function tellsMost({ keyword, schemaPath }: ErrorObject, errors: readonly ErrorObject[]): boolean {
  return (
    keyword !== 'if' &&
    !errors.some((e) => e.keyword === 'anyOf' && schemaPath.startsWith(`${e.schemaPath}/`))
  );
}

function sentence(error: ErrorObject): string {
  const { keyword, instancePath, message = '' } = error;
  const where = instancePath || 'the file';
  const advice = textIn(error.parentSchema, 'errorMessage');
  switch (keyword) {
    case 'required':
    case 'not':
      return `${where}: ${advice ?? lacking(error)}`;
    case 'additionalProperties':
      return `${where} has "${textIn(error.params, 'additionalProperty')}", which is no field here: correct its name, or remove it; the fields are ${namesIn(error, 'properties').join(', ')}`;
    case 'enum':
      return `${where} is ${shown(error.data)}: it must be one of ${listed(error, 'allowedValues')}`;
    case 'const':
      return `${where} is ${shown(error.data)}: it must be ${shown(error.schema)}`;
    case 'minItems':
    case 'minProperties':
      return `${where} is empty: fill it in, or remove it`;
    case 'uniqueItems':
      return `${where} has ${shown(inside(error.data, String(error.params.i)))} twice: remove one`;
    case 'type':
      return `${where} is ${shown(error.data)}: it ${message.replace('be ', 'be of type ').replace(',', ' or ')}`;
    default:
      return `${where} is ${shown(error.data)}: ${advice ?? `it ${message}`}`;
  }
}

function lacking({ params, parentSchema }: ErrorObject): string {
  const name = textIn(params, 'missingProperty') ?? '';
  const field: unknown = inside(inside(parentSchema, 'properties'), name);
  return `"${name}" is missing: add it. ${textIn(field, 'description') ?? ''}`.trimEnd();
}

function namesIn({ parentSchema }: ErrorObject, key: string): string[] {
  const value = inside(parentSchema, key);
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function listed({ params }: ErrorObject, key: string): string {
  const values = inside(params, key);
  return Array.isArray(values) ? values.map(String).join(', ') : '';
}

function textIn(value: unknown, key: string): string | undefined {
  const found = inside(value, key);
  return typeof found === 'string' ? found : undefined;
}

function inside(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
