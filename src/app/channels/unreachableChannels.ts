// In place of a channels' chain whose code could not be loaded: the app is offline, and has never asked for it here.
import { fail } from '../../core/result.ts'
import type { ChannelChain } from '../ports/channelChain.ts'

const unreachable = async () => fail({ kind: 'chainUnreachable', endpoints: [] } as const)

export const unreachableChannels: ChannelChain = { read: unreachable, openedBy: unreachable }
