// Tells the other side of a stream what was read when half its window is used up, and not after each message.

/** As much of a YamuxStream as is used. Bytes. */
interface WindowedStream {
  readonly direction: string
  /** 0: nothing was sent yet; 1: opened, not yet acknowledged; 3: open. */
  readonly state: number
  /** What the other side may send before it hears that it was read. */
  recvWindow: number
  /** What it may still send. */
  readonly recvWindowCapacity: number
  sendWindowUpdate(): void
}

interface MuxerFactory {
  createStreamMuxer(connection: never): object
}

const UNOPENED = 0
const HAVE_NOTHING_ELSE_TO_SAY: readonly number[] = [1, 3]

/**
 * For @libp2p/yamux 8.0.3, which answers each message with an update of its window: as many small messages as large ones, and
 * small ones cost a browser as much. The specification leaves it to the reader ("Yamux, Flow Control"). Streams that are opened
 * here begin with a window of `ownWindow` bytes, where that is more than the usual 256 KiB.
 */
export function quietWindows<Factory extends MuxerFactory>(
  yamux: () => Factory,
  ownWindow = 0,
): () => Factory {
  return () => {
    const factory = yamux()
    const create = factory.createStreamMuxer.bind(factory)
    factory.createStreamMuxer = (connection: never) => {
      const muxer = create(connection)
      const newStream: unknown = Reflect.get(muxer, '_newStream')
      if (typeof newStream === 'function') {
        Reflect.set(muxer, '_newStream', (...args: readonly unknown[]) => {
          const stream: unknown = Reflect.apply(newStream, muxer, args)
          if (isWindowed(stream)) quieten(stream, ownWindow)
          return stream
        })
      }
      return muxer
    }
    return factory
  }
}

function quieten(stream: WindowedStream, ownWindow: number): void {
  const update = stream.sendWindowUpdate.bind(stream)
  if (stream.direction === 'outbound' && stream.state === UNOPENED) {
    // The message that opens the stream says so.
    stream.recvWindow = Math.max(stream.recvWindow, ownWindow)
  }
  stream.sendWindowUpdate = () => {
    const isPlenty = stream.recvWindowCapacity > stream.recvWindow / 2
    if (!isPlenty || !HAVE_NOTHING_ELSE_TO_SAY.includes(stream.state)) update()
  }
}

const isWindowed = (stream: unknown): stream is WindowedStream =>
  typeof stream === 'object' &&
  stream !== null &&
  ['state', 'recvWindow', 'recvWindowCapacity'].every(
    name => typeof Reflect.get(stream, name) === 'number',
  ) &&
  typeof Reflect.get(stream, 'sendWindowUpdate') === 'function'
