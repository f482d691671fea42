// A link of a given speed to a server on this machine: what the server sends comes out no faster, and waits at the server until it may.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Returns the port at which the server can be reached through it. `perSecond`: bytes from the server, over each connection. */
export async function startNarrowLink(port: number, perSecond: number): Promise<number> {
  const server = createServer(near => {
    const far = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.setNoDelay(true)
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
    near.pipe(far)
    passOn(far, near, perSecond)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Timers come late by so much, which the link does not stand still for. Milliseconds. */
const LATE_MS = 5

function passOn(from: Socket, to: Socket, perSecond: number): void {
  /** When all that was sent will have gone over the link. Milliseconds. */
  let free = 0
  from.on('data', (piece: Buffer) => {
    free = Math.max(free, performance.now() - LATE_MS) + (piece.length * 1000) / perSecond
    from.pause()
    when(() => {
      to.write(piece)
      from.resume()
    })
  })
  from.on('end', () => when(() => to.end()))

  function when(task: () => void): void {
    setTimeout(task, Math.max(0, free - performance.now()))
  }
}
