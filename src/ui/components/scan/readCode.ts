// Finds a QR code's text in a picture or a camera frame.
import decodeQR from 'qr/decode.js'

/** Larger pictures are scaled down to this edge in pixels: codes stay readable, and decoding stays quick. */
const maxEdge = 1600

/** null where the file is no picture or holds no code. */
export async function readCodeFromImage(file: Blob): Promise<string | null> {
  try {
    const bitmap = await createImageBitmap(file)
    const scale = Math.min(1, maxEdge / Math.max(bitmap.width, bitmap.height))
    const text = readCode(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale))
    bitmap.close()
    return text
  } catch {
    return null
  }
}

/** `width` and `height` in pixels to draw the source at. */
export function readCode(source: CanvasImageSource, width: number, height: number): string | null {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null || width === 0 || height === 0) return null
  context.drawImage(source, 0, 0, width, height)
  try {
    return decodeQR({ width, height, data: context.getImageData(0, 0, width, height).data })
  } catch {
    // The decoder throws where it finds no code.
    return null
  }
}
