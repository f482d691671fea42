// The screen of passing files on, as a person uses it, and a day whose data is nearly spent.
import type { Locator, Page } from 'playwright-core'
import { servingEn as words } from '../../../src/ui/i18n/servingEn.ts'
import type { Person } from './person.ts'

export async function openServing(person: Person): Promise<void> {
  await person.goTo('settings')
  await person.page.getByRole('link', { name: words.title }).click()
  await person.sees(person.heading(words.title))
}

/** Blocks given today, as the screen says. */
export async function blocksGiven(person: Person): Promise<number> {
  const today: Locator = person.page.locator('.fact', { hasText: words.today }).locator('dd')
  return Number(/blocks: ([\d,]+)/.exec((await today.textContent()) ?? '')?.[1]?.replaceAll(',', ''))
}

/** The usual limit of a day, in bytes. */
const PER_DAY = 250_000_000

/** As if all but so many bytes of the day had been given already; the page is loaded anew, and goes on serving by itself. */
export async function hasLeftToday(page: Page, bytes: number): Promise<void> {
  await page.evaluate(async given => {
    const opened = indexedDB.open('fob')
    await new Promise(resolve => opened.addEventListener('success', resolve))
    const done = opened.result.transaction('values', 'readwrite')
    const date = new Date()
    const two = (value: number) => String(value).padStart(2, '0')
    const day = `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
    const all = { bytes: given, blocks: 0 }
    done.objectStore('values').put({ day, today: all, total: all, byFile: {} }, 'servingUsage')
    await new Promise(resolve => done.addEventListener('complete', resolve))
    opened.result.close()
  }, PER_DAY - bytes)
  await page.reload()
}
