/**
 * One host, several addresses: a connection alone proves nothing, since a balancer accepts for a
 * dead backend, too. RFC 8305 ends at the connection; this goes on until a conversation is open.
 */
import { compareText } from '../model/compare-text.ts';
import { isAddress } from '../model/domain.ts';
import { timeLimits } from '../model/time-limits.ts';
import { ConnectFailure } from '../net/network.ts';
import { Deadline } from '../net/time.ts';
import { newTranscript, type Stage, type Transcript } from './transcript.ts';
import { TurnedAway } from './turned-away.ts';

/** A try at one address. */
export interface Attempt {
  readonly transcript: Transcript;
  /** Addresses that other attempts have taken. */
  readonly avoid: readonly string[];
  readonly signal: AbortSignal;
  /** To be called with the address once there is a connection. */
  readonly onAddress: (address: string) => void;
}

interface Failure {
  readonly error: unknown;
  readonly transcript: Transcript;
}

/** More than any honest host has behind one name and port. */
const MAX_ATTEMPTS = 4;

/**
 * @param transcript is made that of the attempt that worked, or else came furthest
 * @throws the signal's reason, or the error of the attempt that came furthest
 */
export function raceOpenings<T>(
  transcript: Transcript,
  signal: AbortSignal,
  open: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const taken: string[] = [];
    const transcripts: Transcript[] = [];
    const failures: Failure[] = [];
    const running = new Set<Deadline>();
    let timer: NodeJS.Timeout | undefined;
    let attempts = 0;
    let isOver = false;
    /** Nothing more is tried: there is no other address, or the target is behind a proxy. */
    let isExhausted = false;

    const settle = (chosen: Transcript, act: () => void): void => {
      isOver = true;
      clearTimeout(timer);
      for (const other of running) other.abort(new DOMException('Another one won.', 'AbortError'));
      const { observed, ...rest } = chosen;
      Object.assign(transcript.observed, observed);
      Object.assign(transcript, rest);
      act();
    };

    const next = (): void => {
      clearTimeout(timer);
      if (isOver || isExhausted || attempts >= MAX_ATTEMPTS) {
        conclude();
        return;
      }
      attempts++;
      const own = newTranscript();
      transcripts.push(own);
      const deadline = new Deadline(signal);
      running.add(deadline);
      const onAddress = (address: string): void => {
        // A proxy alone knows the addresses.
        if (!isAddress(address)) isExhausted = true;
        taken.push(address);
        timer = setTimeout(next, timeLimits.nextAddress.mail);
      };
      const first = attempts === 1;
      const attempt = { transcript: own, avoid: [...taken], signal: deadline.signal, onAddress };
      open(attempt)
        .then(
          (opened) => {
            running.delete(deadline);
            if (isOver) return;
            const failed = failures.map((failure) => failure.transcript.observed.address);
            own.observed.badAddresses = failed.filter((address) => address !== null).sort();
            settle(own, () => resolve(opened));
          },
          (error: unknown) => {
            running.delete(deadline);
            if (isOver) return;
            if (signal.aborted) {
              const [furthest = own] = transcripts.sort(byDistance);
              settle(furthest, () => reject(error));
              return;
            }
            // That there is no further address is no news.
            const isNews = first || !(error instanceof ConnectFailure);
            if (isNews) failures.push({ error, transcript: own });
            isExhausted ||= error instanceof ConnectFailure || hasProvenItself(error);
            next();
          },
        )
        .finally(() => deadline.clear());
    };

    const conclude = (): void => {
      if (isOver || running.size > 0) return;
      const [furthest] = failures.sort((a, b) => byDistance(a.transcript, b.transcript));
      if (furthest) settle(furthest.transcript, () => reject(furthest.error));
    };

    next();
  });
}

const STAGES: readonly Stage[] = [
  'resolve',
  'connect',
  'tls',
  'banner',
  'starttls',
  'ehlo',
  'done',
];

/** Whichever came furthest first; never by which came earlier, which depends on the DNS. */
function byDistance({ observed: a }: Transcript, { observed: b }: Transcript): number {
  const distance = STAGES.indexOf(b.stage) - STAGES.indexOf(a.stage);
  return distance || compareText(a.address ?? '', b.address ?? '');
}

/** It spoke, and does not offer what is needed: its other addresses are the same server. */
function hasProvenItself(error: unknown): boolean {
  return error instanceof TurnedAway && error.reply === null;
}
