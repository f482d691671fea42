// English of handing a file to the phone next to this one: loaded with its screen. Every other language must have the same messages.
import type { HandOverFailure } from '../../app/ports/handOver.ts'
import type { FailureText } from './failureKinds.ts'

export const handOverEn = {
  title: 'Hand over to the phone next to you',
  lead: 'Without the internet: two codes, and the file goes from phone to phone over the network that both are in. A hotspot of one of them will do.',
  give: 'Give a file',
  giveNone: 'No whole file is here to be given.',
  giveThis: (name: string, version: string) => `Give ${name} ${version}`,
  take: 'Get a file',
  takeHint: 'The other phone shows a code first.',
  scanOffer: 'Read the other phone’s code',
  scanAnswer: 'Read the code that it shows now',
  pasteHint: 'It begins with FOB:',
  offerLabel: 'Code for the phone that gets the file',
  answerLabel: 'Code for the phone that gives it',
  stepGive: '1. The other phone reads this, under “Get a file”.',
  stepAnswer: '2. Then read the code that it shows.',
  stepTake: 'Show this to the phone that gives. Then it begins.',
  meeting: 'The two are finding each other …',
  moving: (done: string, total: string) => `${done} of ${total}`,
  given: 'The other phone has it.',
  taken: 'The file is here.',
  takenHint:
    'Each block was checked as it came. Update a device as always: the file is compared with its release before anything is written.',
  again: 'Begin again',
  failures: {
    webRtcMissing: {
      title: 'This browser can’t do that',
      meaning: 'It has no WebRTC, or it is switched off.',
      next: 'Use Chrome or Edge, or fetch the file over the internet.',
    },
    noLocalNetwork: {
      title: 'There is no network',
      meaning: 'The other phone could not reach this one.',
      next: 'Join the same Wi-Fi, or switch a hotspot on, then begin again.',
    },
    notAHandOverCode: {
      title: 'This is another code',
      meaning: 'It is no code of a hand-over, or not the one that comes next.',
      next: 'Read the code that the other phone shows now.',
    },
    fileNotHere: {
      title: 'The file is not here any more',
      meaning: 'It was removed to make room.',
      next: 'Fetch it again, or choose another one.',
    },
    linkFailed: {
      title: 'The phones did not find each other',
      meaning: 'Nothing was lost: blocks that came are kept.',
      next: 'See that both are in the same network, and not in one that keeps guests apart. Then begin again.',
    },
    handOverIncomplete: {
      title: 'Not the whole file came',
      meaning: 'The blocks that came are kept. What was wrong was thrown away.',
      next: 'Begin again: only what is missing is sent.',
    },
  } satisfies Record<HandOverFailure['kind'], FailureText>,
}

export type HandOverMessages = typeof handOverEn
