// English of serving onward: loaded with its screen. Every other language must have the same messages.
import type { ServingStatus } from '../../app/serving/serving.ts'
import { plural } from './plural.ts'

export const servingEn = {
  title: 'Serve onward',
  switch: 'Serve onward',
  switchHint: 'While this page is open and on the screen',
  status: {
    off: { title: 'Off', body: 'Nothing leaves this browser.' },
    starting: { title: 'Starting', body: 'Fob is joining the others of this network.' },
    serving: { title: 'Serving', body: 'Whoever needs one of these files can get it from you.' },
    elsewhere: { title: 'Another tab serves', body: 'One tab of this browser serves at a time.' },
    offline: { title: 'Offline', body: 'It goes on when there is a connection.' },
    hidden: { title: 'Resting', body: 'It goes on when this page is on the screen.' },
    dataSpent: { title: 'Enough for today', body: 'Today’s limit is used up. It goes on tomorrow.' },
    batteryLow: {
      title: 'Battery too low',
      body: 'It goes on when the phone is charged, or on the charger.',
    },
    nothingHeld: {
      title: 'Nothing to serve yet',
      body: 'Update a device, or keep a model below: its file is then here.',
    },
    servingUnavailable: {
      title: 'Serving can’t be started',
      body: 'Reload the page. If that does not help, look whether this browser allows Fob to store data.',
    },
    nobodyToPay: {
      title: 'Nobody to be paid',
      body: 'You have set a price, and there is no wallet here that could earn it. Make one, or set the price to nothing.',
    },
  } satisfies Record<ServingStatus['kind'], { readonly title: string; readonly body: string }>,
  consequences: 'What this means',
  leaves:
    'What leaves: blocks of the public firmware files listed below. Nothing about your devices, your wallet or you.',
  leavesSold:
    'What leaves: blocks of the public firmware files listed below, and to whoever buys them your account’s address. Nothing about your devices.',
  seen: 'Who sees what: relays of the network see your internet address, a random id that is new each time, and which of these files you hold. Whoever fetches from you sees the same.',
  costs: 'What it costs: data of your connection, and some battery. The limits below hold.',
  limits: 'Limits',
  perDay: 'Data per day',
  perDayAny: 'No limit',
  battery: 'Stop below',
  batteryAny: 'Never',
  batteryHint: 'Of this phone’s battery. While it is charging, it goes on.',
  quota: 'Room for files',
  quotaHint: 'Above that, the files that are least asked for are removed. Kept ones stay.',
  given: 'Given to others',
  today: 'Today',
  total: 'In all',
  amount: (bytes: string, blocks: string) => `${bytes} (blocks: ${blocks})`,
  served: 'Served',
  servedCount: (count: number) =>
    count === 0 ? 'Nobody yet' : plural(count, 'One other', `${String(count)} others`),
  servedHint: 'Since Fob was opened. Who they were is not kept.',
  speedPlot: 'Speed of the last minutes',
  speedText: (now: string, most: string) => `now ${now}, at most ${most}`,
  held: 'Files that you hold',
  heldNone: 'No whole file is here.',
  looking: 'Looking which files are here',
  newest: 'newest',
  older: 'replaced by a newer one',
  revoked: 'withdrawn, not served',
  givenOf: (bytes: string) => `given ${bytes}`,
  keep: 'Keep serving this model',
  keepHint: 'Its newest release is fetched by itself while you serve, and never removed.',
  fetching: (model: string) => `Fetching the newest release of ${model}`,
  removeName: (model: string, version: string) => `Remove ${model} ${version}`,
  handOver: 'Hand over to the phone next to you',
  offerTitle: 'Pass this on to colleagues?',
  offerBody: (model: string) =>
    `The file for ${model} is in this browser now. Others nearby or far away can get it from you, while this page is open.`,
  offerYes: 'Serve onward',
  offerMore: 'What that means',
  offerOn: 'Others can get this file from you now.',
}

export type ServingMessages = typeof servingEn
