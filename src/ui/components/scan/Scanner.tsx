// The camera, looking for a code; it is switched off as soon as this leaves the screen.
import { useEffect, useRef, useState } from 'react'
import { useMessages } from '../../i18n/useMessages.tsx'
import { Button } from '../Button.tsx'
import { Notice } from '../Notice.tsx'
import { readCode } from './readCode.ts'

/** Between two looks, in milliseconds: quick for the hand, and leaves a small phone its time. */
const lookEvery = 180
/** Edge in pixels of the square that is looked at. */
const edge = 640

export function Scanner({
  onText,
  onStop,
  facing = 'environment',
}: {
  onText: (text: string) => void
  onStop: () => void
  /** `user`: the camera on the side of the screen. */
  facing?: 'environment' | 'user'
}) {
  const { pin: words } = useMessages()
  const video = useRef<HTMLVideoElement>(null)
  const found = useRef(onText)
  found.current = onText
  const [problem, setProblem] = useState<'denied' | 'missing' | null>(null)

  useEffect(() => {
    let stream: MediaStream | null = null
    let timer: ReturnType<typeof setInterval> | undefined
    let isOver = false
    const look = () => {
      const element = video.current
      if (element === null || element.videoWidth === 0) return
      const scale = edge / Math.min(element.videoWidth, element.videoHeight)
      const text = readCode(
        element,
        Math.round(element.videoWidth * scale),
        Math.round(element.videoHeight * scale),
      )
      if (text !== null && !isOver) found.current(text)
    }
    const open = async () => {
      try {
        const opened = await navigator.mediaDevices.getUserMedia({
          video: { facingMode: facing, width: { ideal: 1280 } },
        })
        if (isOver) return stop(opened)
        stream = opened
        if (video.current !== null) video.current.srcObject = opened
        timer = setInterval(look, lookEvery)
      } catch (error) {
        setProblem(error instanceof DOMException && error.name === 'NotAllowedError' ? 'denied' : 'missing')
      }
    }
    void open()
    return () => {
      isOver = true
      clearInterval(timer)
      if (stream !== null) stop(stream)
    }
  }, [facing])

  if (problem !== null) {
    return (
      <Notice tone="attention" title={problem === 'denied' ? words.cameraDenied : words.cameraMissing} live />
    )
  }
  return (
    <div className="stack snug">
      <div className="viewfinder">
        <video ref={video} autoPlay muted playsInline aria-label={words.scanning} />
      </div>
      <p className="soft" role="status">
        {words.scanning}
      </p>
      <Button onClick={onStop}>{words.stopScan}</Button>
    </div>
  )
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
