//! What keeps somebody from using a page: with a screen reader, with a thumb, on a phone in the sun.

use crate::browser::Browser;
use serde_json::Value;

/// Text against its ground, WCAG AA: 4.5, and 3 for large text. Targets of 44 px, as a thumb needs them;
/// a box to tick is as large as its label, and a link in running text is read, not aimed at.
const FLAWS: &str = r#"
    const flaws = [];
    const all = (css) => [...document.querySelectorAll(css)];
    const isShown = (part) => part.getClientRects().length > 0;
    const one = (css) => { if (all(css).length !== 1) flaws.push(`${all(css).length} times ${css}`); };
    ['html[lang=id]', 'h1', 'main'].forEach(one);

    const levels = all('h1, h2, h3, h4, h5, h6').filter(isShown).map((part) => Number(part.tagName[1]));
    levels.forEach((level, n) => {
        if (level > (levels[n - 1] ?? 0) + 1) flaws.push(`a heading of level ${level} after ${levels[n - 1]}`);
    });

    const fields = all('input:not([type=hidden]), select, textarea');
    for (const field of fields) {
        if (!field.labels.length && !field.ariaLabel) flaws.push(`no label: ${field.outerHTML}`);
    }
    for (const table of all('table')) {
        const heads = [...table.querySelectorAll('th')];
        if (!heads.length || heads.some((head) => !head.scope)) flaws.push(`heads of ${table.outerHTML}`);
    }
    for (const picture of all('img, svg')) {
        const told = ['alt', 'aria-label', 'aria-labelledby', 'aria-hidden'];
        if (!told.some((name) => picture.hasAttribute(name))) flaws.push(`untold: ${picture.outerHTML}`);
    }

    const rgb = (text) => (text.match(/[\d.]+/g) || []).map(Number);
    const light = (colour) => {
        const [r, g, b] = colour.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (part) => {
        for (; part; part = part.parentElement) {
            const colour = rgb(getComputedStyle(part).backgroundColor);
            if (colour.length === 3 || colour[3] > 0.5) return colour;
        }
        return [255, 255, 255];
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const [text, part] = [texts.currentNode.data.trim(), texts.currentNode.parentElement];
        if (!text || !isShown(part) || part.closest('svg, [disabled], script')) continue;
        const style = getComputedStyle(part);
        const size = parseFloat(style.fontSize);
        const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
        const [a, b] = [light(rgb(style.color)), light(ground(part))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < (isLarge ? 3 : 4.5)) flaws.push(`contrast ${ratio.toFixed(2)}: ${text.slice(0, 40)}`);
    }

    for (const part of all('button, summary, nav a, a.button').concat(fields).filter(isShown)) {
        const aimed = ['checkbox', 'radio'].includes(part.type) ? part.labels[0] ?? part : part;
        const { width, height } = aimed.getBoundingClientRect();
        if (width < 44 || height < 44) flaws.push(`${width} x ${height}: ${aimed.outerHTML}`);
    }
    if (document.documentElement.scrollWidth > innerWidth) {
        const sticksOut = (part) => part.getBoundingClientRect().right > innerWidth && !part.closest('.scroll *');
        flaws.push(`wider than ${innerWidth}: ${all('body *').find(sticksOut)?.outerHTML.slice(0, 300)}`);
    }
    return flaws;
"#;

impl Browser {
    /// What somebody could not read, reach or make out on the page as it is now.
    #[track_caller]
    pub fn flaws(&self) -> Vec<Value> {
        self.script(FLAWS).as_array().expect("a list").clone()
    }
}
