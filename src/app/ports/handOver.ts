// A file from one phone to the other that stands next to it, over the local network, with nobody between them.
import type { Result } from '../../core/result.ts'

export type HandOverFailure =
  /** This browser has no WebRTC, or it is switched off. */
  | { readonly kind: 'webRtcMissing'; readonly detail?: string }
  /** No network at all: nothing that the other phone could reach. */
  | { readonly kind: 'noLocalNetwork' }
  /** The code is another one, or was not read whole. */
  | { readonly kind: 'notAHandOverCode' }
  /** The file is not here any more. */
  | { readonly kind: 'fileNotHere' }
  /** The two phones did not find each other, or lost each other. */
  | { readonly kind: 'linkFailed'; readonly detail: string }
  /** What came is not the file, or could not be kept. */
  | { readonly kind: 'handOverIncomplete'; readonly detail: string }

export type HandOverState =
  | { readonly kind: 'moving'; readonly done: number; readonly total: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: HandOverFailure }

interface Giving {
  /** To be read by the phone that gets the file. */
  readonly code: string
  /** That phone's code. */
  meet(code: string): Promise<Result<null, HandOverFailure>>
  end(): void
}

interface Taking {
  /** To be read by the phone that gives. */
  readonly code: string
  readonly cid: string
  /** Bytes, as the other phone says. */
  readonly size: number
  end(): void
}

export interface HandOver {
  /** `onState`: after the other phone has read the code. */
  give(
    file: { readonly cid: string; readonly size: number },
    onState: (state: HandOverState) => void,
  ): Promise<Result<Giving, HandOverFailure>>
  /** By the code that the giving phone shows. Each block is checked, and kept as it comes. */
  take(code: string, onState: (state: HandOverState) => void): Promise<Result<Taking, HandOverFailure>>
}
