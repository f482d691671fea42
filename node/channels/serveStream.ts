// One stream of /fob/serve/1.0.0 as messages.
import type { Stream } from '@libp2p/interface'
import { type MessageStream, messageStream, type StreamLimits } from '../../src/core/p2p/messageStream.ts'
import {
  decodeServeMessage,
  encodeServeMessage,
  type ServeMessage,
} from '../../src/core/voucher/serveMessage.ts'
import { systemTimer } from '../systemTimer.ts'

export type ServeStream = MessageStream<ServeMessage>

export const serveStream = (stream: Stream, limits: StreamLimits): ServeStream =>
  messageStream(stream, { encode: encodeServeMessage, decode: decodeServeMessage }, limits, systemTimer)
