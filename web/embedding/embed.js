// One line on any page: <script src="…/embed.js" data-region="…" data-year="…" data-token="…" async></script>
// Adds a button at the lower right that opens 问报 in a frame.  `wenbao.setToken(…)` renews the ticket.
'use strict'
;(() => {
  const script = document.currentScript
  const base = new URL('embed', script.src)
  for (const [name, values] of [['region', script.dataset.region], ['year', script.dataset.year], ['report', script.dataset.report]]) {
    for (const value of (values || '').split(/[,，]/).map(one => one.trim()).filter(Boolean)) base.searchParams.append(name, value)
  }
  let token = script.dataset.token || ''
  let frame = null

  const host = document.createElement('div')
  const root = host.attachShadow({mode: 'open'})
  // A sheet made here is not held up by the host page's Content-Security-Policy.
  const look = new CSSStyleSheet()
  look.replaceSync(`
    button { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; padding: 10px 18px; font: 16px/1.4 system-ui, "Microsoft YaHei", sans-serif; color: #fff; background: #14507d; border: 0; border-radius: 24px; box-shadow: 0 2px 10px #0004; cursor: pointer; }
    button:focus-visible { outline: 3px solid #7fb8e6; outline-offset: 2px; }
    iframe { position: fixed; right: 20px; bottom: 76px; z-index: 2147483000; width: min(420px, calc(100vw - 40px)); height: min(640px, calc(100vh - 100px)); border: 1px solid #0003; border-radius: 12px; box-shadow: 0 4px 24px #0005; background: #fff; }
    iframe[hidden] { display: none; }`)
  root.adoptedStyleSheets = [look]
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = script.dataset.label || '问报'
  button.setAttribute('aria-expanded', 'false')
  root.append(button)

  function hand() {
    if (token && frame) frame.contentWindow.postMessage({wenbaoToken: token}, base.origin)
  }

  function toggle() {
    if (!frame) {
      frame = document.createElement('iframe')
      frame.title = '问报'
      frame.referrerPolicy = 'no-referrer'
      frame.hidden = true
      frame.src = base.href
      root.append(frame)
    }
    frame.hidden = !frame.hidden
    button.setAttribute('aria-expanded', String(!frame.hidden))
    button.textContent = frame.hidden ? script.dataset.label || '问报' : '关闭'
  }

  addEventListener('message', event => {
    if (frame && event.source === frame.contentWindow && event.data && event.data.wenbao === 'ready') hand()
  })
  addEventListener('keydown', event => {
    if (event.key === 'Escape' && frame && !frame.hidden) toggle()
  })
  button.addEventListener('click', toggle)
  window.wenbao = {open: () => (!frame || frame.hidden) && toggle(), setToken: value => { token = value; hand() }}

  const add = () => document.body.append(host)
  document.body ? add() : addEventListener('DOMContentLoaded', add)
})()
