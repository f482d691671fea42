// What axe says of a screen: no violation of WCAG 2.2 AA is what every screen has to come to.
import axe, { type RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Rule and elements of each violation on the page as it is. `best-practice` is axe's own advice, beyond the standards. */
export async function axeViolations(page: Page, { advice = false } = {}): Promise<readonly string[]> {
  // Once for each document: reading axe itself takes as long as looking at a screen.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const options: RunOptions = {
    runOnly: { type: 'tag', values: advice ? [...standards, 'best-practice'] : standards },
    resultTypes: ['violations'],
    // Style sheets are only wanted by rules that are experiments.
    preload: { assets: ['media'] },
  }
  return page.evaluate(async chosen => {
    const { axe: inPage } = window as unknown as { readonly axe: typeof axe }
    const { violations } = await inPage.run(document, chosen)
    return violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target).join(' | ')}`)
  }, options)
}

/** With all of it in view: what lies half under the bar of actions only has to be scrolled to. */
export async function violationsIn(page: Page): Promise<readonly string[]> {
  const viewport = page.viewportSize() ?? { width: 390, height: 844 }
  await page.setViewportSize({ width: viewport.width, height: 3000 })
  const violations = await axeViolations(page)
  await page.setViewportSize(viewport)
  return violations
}
