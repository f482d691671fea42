// Printed codes are read: a maker's by a real camera stream and from a picture, devices' stickers one after the other.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import encodeQR from 'qr'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { fleet } from '../../src/ui/i18n/en/fleet.ts'
import { en } from '../../src/ui/i18n/en.ts'
import { acme, hex, networkConfig } from '../preview/fixtures.ts'
import { type Preview, servePreview } from '../preview/serve.ts'
import { quietArgs } from './harness/quietArgs.ts'

const code = JSON.stringify({
  version: 1,
  name: 'Acme Access GmbH',
  address: acme,
  chainId: 31337,
  registry: networkConfig.chain.registry,
  models: [{ name: 'Acme Lock 2', hardware: 'B' }],
})

/** One white pixel. */
const blankGif = 'R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs='

let folder: string
let preview: Preview
let browser: Browser

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fob-code-'))
  preview = await servePreview(inject('previewFolder'))
  browser = await withCamera(code)
})

/** A browser whose camera sees each of these codes for a second, again and again. */
async function withCamera(...texts: readonly string[]): Promise<Browser> {
  const film = join(folder, `${String(texts.length)}.y4m`)
  await writeFile(film, filmOf(texts))
  return chromium.launch({
    executablePath: inject('chromiumPath'),
    args: [
      '--no-sandbox',
      ...quietArgs,
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ],
  })
}

afterAll(async () => {
  await browser?.close()
  await preview?.close()
  await rm(folder, { recursive: true, force: true })
})

const [width, height] = [640, 480]

/** YUV4MPEG2 that shows each code for a second, 640 x 480, as Chromium's fake camera plays it. */
function filmOf(texts: readonly string[]): Buffer {
  const head = Buffer.from(`YUV4MPEG2 W${String(width)} H${String(height)} F10:1 Ip A1:1 C420jpeg\n`)
  const frames = texts.flatMap(text => {
    const frame = frameOf(text)
    return Array.from({ length: 10 }, () => frame)
  })
  return Buffer.concat([head, ...frames])
}

function frameOf(text: string): Buffer {
  const modules = encodeQR(text, 'raw', { border: 4 })
  const scale = Math.floor(height / modules.length)
  const left = Math.floor((width - modules.length * scale) / 2)
  const top = Math.floor((height - modules.length * scale) / 2)
  const luma = Buffer.alloc(width * height, 235)
  modules.forEach((row, y) => {
    row.forEach((isDark, x) => {
      if (!isDark) return
      for (let line = 0; line < scale; line += 1) {
        const at = (top + y * scale + line) * width + left + x * scale
        luma.fill(16, at, at + scale)
      }
    })
  })
  const chroma = Buffer.alloc((width * height) / 2, 128)
  return Buffer.concat([Buffer.from('FRAME\n'), luma, chroma])
}

async function openAddMaker(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } })
  await page.goto(`${preview.origin}/makers/add?scenario=empty`)
  return page
}

const confirmation = (page: Page) =>
  page.getByRole('heading', { name: en.pin.confirmTitle('Acme Access GmbH') })

test('the camera finds the code, and is switched off afterwards', async () => {
  const page = await openAddMaker()
  await page.evaluate(() => {
    const devices = navigator.mediaDevices
    const open = devices.getUserMedia.bind(devices)
    devices.getUserMedia = async constraints => {
      const stream = await open(constraints)
      Object.assign(window, { opened: stream })
      return stream
    }
  })
  await page.getByRole('button', { name: en.pin.scan }).click()
  await confirmation(page).waitFor()
  const states = await page.evaluate(() => {
    const stream: unknown = Reflect.get(window, 'opened')
    return stream instanceof MediaStream ? stream.getTracks().map(track => track.readyState) : []
  })
  expect(states).toEqual(['ended'])
  await page.close()
})

test('a picture of the code does as well', async () => {
  const page = await openAddMaker()
  await page.locator('input[type=file]').setInputFiles({
    name: 'code.gif',
    mimeType: 'image/gif',
    buffer: Buffer.from(encodeQR(code, 'gif', { border: 4, scale: 5 })),
  })
  await confirmation(page).waitFor()
  await page.close()
})

test('a picture without a code, and a file that is no picture, are answered with words', async () => {
  const page = await openAddMaker()
  for (const buffer of [Buffer.from('not a picture'), Buffer.from(blankGif, 'base64')]) {
    await page.locator('input[type=file]').setInputFiles({ name: 'x.gif', mimeType: 'image/gif', buffer })
    await page.getByText(en.pin.imageNone).waitFor()
  }
  await page.close()
})

test('a refused camera says where to allow it', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${preview.origin}/makers/add?scenario=empty`)
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
  })
  await page.getByRole('button', { name: en.pin.scan }).click()
  await page.getByText(en.pin.cameraDenied).waitFor()
  await context.close()
})

test('stickers are read one after the other while the camera stays on', async () => {
  const camera = await withCamera(hex(1000), `https://fob.example/device/${hex(1002)}`, hex(4))
  try {
    const page = await camera.newPage({ viewport: { width: 390, height: 844 } })
    await page.goto(`${preview.origin}/several?scenario=fleet`)
    await page.getByRole('button', { name: fleet.choose.scan }).click()
    await page.getByRole('button', { name: fleet.choose.scanButton }).click()
    await page.getByRole('button', { name: new RegExp(fleet.choose.chosen(2)) }).waitFor()
    await page.getByText(fleet.choose.scannedUnknown).waitFor()
    await page.getByText(fleet.choose.scannedAgain('Cellar')).waitFor()
    await page.getByRole('button', { name: new RegExp(fleet.choose.chosen(2)) }).click()
    for (const name of ['Front door', 'Cellar'])
      expect(await page.getByRole('checkbox', { name }).isChecked()).toBe(true)
    await page.getByText(fleet.choose.chosen(2)).waitFor()
  } finally {
    await camera.close()
  }
})
