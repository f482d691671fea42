// Links as they are met: what phones and computers grant, and what their radios can.
import type { Radio } from './radioLink.ts'

// Android asks for an ATT MTU of 517, old controllers know neither long packets nor many of them in an event; iOS grants 15 ms
// and 185 bytes at the least; BlueZ asks for intervals of 30 to 50 ms and sends as long as the event lasts.
export const presets: readonly (readonly [string, Radio])[] = [
  [
    'old phone',
    {
      intervalMs: 48.75,
      phy: '1M',
      payload: 27,
      attMtu: 23,
      packetsPerEvent: 4,
      hostMs: 4,
      loss: 0.02,
      controllerPackets: 6,
    },
  ],
  [
    'phone',
    {
      intervalMs: 30,
      phy: '1M',
      payload: 251,
      attMtu: 247,
      packetsPerEvent: 6,
      hostMs: 2,
      loss: 0.01,
      controllerPackets: 10,
    },
  ],
  [
    'phone, bad radio',
    {
      intervalMs: 30,
      phy: '1M',
      payload: 251,
      attMtu: 247,
      packetsPerEvent: 6,
      hostMs: 2,
      loss: 0.15,
      controllerPackets: 10,
    },
  ],
  [
    'desktop',
    {
      intervalMs: 45,
      phy: '1M',
      payload: 251,
      attMtu: 517,
      packetsPerEvent: 100,
      hostMs: 1,
      loss: 0.01,
      controllerPackets: 12,
    },
  ],
  [
    '2M PHY',
    {
      intervalMs: 15,
      phy: '2M',
      payload: 251,
      attMtu: 517,
      packetsPerEvent: 100,
      hostMs: 1,
      loss: 0.01,
      controllerPackets: 12,
    },
  ],
]
