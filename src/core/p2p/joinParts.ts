// Sends what goes out together as one message, on a connection that would send each part by itself.

/** What is used of libp2p's lists of bytes. */
interface ByteList {
  subarray(): Uint8Array
}

/**
 * For connections of @libp2p/websockets 10.1.21, which sends each part of a list as a message of its own: what comes from
 * Noise has four for each block (two bytes of length, a header of twelve, the block, a tag), and both browsers and Node.js
 * pay for each message more than for its bytes. Leaves any other connection as it is.
 */
export function joinParts(connection: object): void {
  const sendData: unknown = Reflect.get(connection, 'sendData')
  if (typeof sendData !== 'function') return
  Reflect.set(connection, 'sendData', (data: ByteList) => {
    const whole = data.subarray()
    // As much of a list as is used there.
    return Reflect.apply(sendData, connection, [Object.assign([whole], { byteLength: whole.length })])
  })
}
