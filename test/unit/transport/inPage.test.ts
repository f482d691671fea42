// The contract of transports, against the device in the page.
import { transportContract } from './contract.ts'

transportContract('in the page', async device => ({
  connect: () => device.connect(),
  cut: () => device.dropLink(),
  stop: async () => undefined,
}))
