// What axe says of a screen: no violation of WCAG 2.2 AA is what every screen has to come to.
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Rule and elements of each violation on the page as it is. `best-practice` is axe's own advice, beyond the standards. */
export async function axeViolations(page: Page, { advice = false } = {}): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page })
    // What else axe has to tell costs it as long again; and the app has no frames, for which it would open a page of its own.
    .options({ resultTypes: ['violations'] })
    .setLegacyMode(true)
    .withTags(advice ? [...standards, 'best-practice'] : standards)
  const { violations } = await axe.analyze()
  return violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target).join(' | ')}`)
}

/** With all of it in view: what lies half under the bar of actions only has to be scrolled to. */
export async function violationsIn(page: Page): Promise<readonly string[]> {
  const viewport = page.viewportSize() ?? { width: 390, height: 844 }
  await page.setViewportSize({ width: viewport.width, height: 3000 })
  const violations = await axeViolations(page)
  await page.setViewportSize(viewport)
  return violations
}
