// The page inside the iframe: asks the API with the host's ticket, shows claims as they come, sources on demand.
'use strict'

const place = new URLSearchParams(location.search)
const limits = {
  regions: place.getAll('region'),
  years: place.getAll('year').map(Number).filter(Number.isInteger),
}
const chosenReports = place.getAll('report')
if (chosenReports.length) limits.reports = chosenReports
// Behind the # nothing reaches a server or its log.
let ticket = new URLSearchParams(location.hash.slice(1)).get('token') || ''
if (ticket) history.replaceState(null, '', location.pathname + location.search)
const turns = []
let running = null

const talk = document.getElementById('talk')
const box = document.getElementById('question')
const send = document.getElementById('send')
document.getElementById('scope').textContent =
  [...limits.regions, ...limits.years.map(year => `${year}年报告`), ...chosenReports].join(' · ')

// A page that shows us may renew the ticket; who that may be is settled by frame-ancestors.
addEventListener('message', event => {
  if (event.source === parent && event.data && typeof event.data.wenbaoToken === 'string') ticket = event.data.wenbaoToken
})

function make(tag, className, text) {
  const node = document.createElement(tag)
  if (className) node.className = className
  if (text !== undefined) node.textContent = text
  return node
}

function headers() {
  const sent = {'x-wenbao-channel': 'embed'}
  if (ticket) sent.authorization = `Bearer ${ticket}`
  return sent
}

// Text with [1] turned into buttons that open the source.
function line(text, citations, answer) {
  const shown = make('p')
  for (const piece of text.split(/(\[\d+\])/)) {
    const mark = /^\[(\d+)\]$/.exec(piece)
    const citation = mark && citations.find(one => one.mark === Number(mark[1]))
    if (!citation) {
      shown.append(piece)
      continue
    }
    const button = make('button', 'mark', mark[1])
    button.type = 'button'
    button.setAttribute('aria-label', `出处 ${mark[1]}`)
    button.setAttribute('aria-expanded', 'false')
    button.addEventListener('click', () => toggle(button, citation, answer))
    shown.append(button)
  }
  return shown
}

async function toggle(button, citation, answer) {
  const key = `source-${citation.mark}`
  const open = answer.querySelector(`.${key}`)
  for (const one of answer.querySelectorAll('.mark')) {
    if (one.textContent === String(citation.mark)) one.setAttribute('aria-expanded', String(!open))
  }
  if (open) {
    open.remove()
    return
  }
  const source = make('blockquote', `source ${key}`)
  source.append(make('cite', '', `[${citation.mark}] ${citation.title} 第${citation.paragraph}段`))
  const text = make('div')
  text.append(make('mark', '', citation.quote))
  source.append(text)
  answer.append(source)
  const path = `api/paragraphs/${encodeURIComponent(citation.report)}/${citation.paragraph}`
  const response = await fetch(path, {headers: headers(), credentials: 'same-origin'}).catch(() => null)
  if (!response || !response.ok) return
  const paragraph = await response.json()
  if (paragraph.sha256 !== citation.sha256) {
    source.append(make('p', 'wrong', '这一段后来改动过，上面是作答时的原文。'))
    return
  }
  // Positions are counted in characters, not in UTF-16 units.
  const characters = [...paragraph.text]
  text.replaceChildren(
    characters.slice(0, citation.start).join(''),
    make('mark', '', characters.slice(citation.start, citation.end).join('')),
    characters.slice(citation.end).join(''),
  )
}

async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const {done, value} = await reader.read()
    if (done) return
    rest += value
    const blocks = rest.split('\n\n')
    rest = blocks.pop()
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)
      const data = /^data: (.*)$/m.exec(block)
      if (name && data) yield {name: name[1], data: JSON.parse(data[1])}
    }
  }
}

function show(answer, wire) {
  answer.replaceChildren()
  for (const text of wire.text.split('\n')) {
    const shown = line(text, wire.citations, answer)
    if (wire.status !== 'answered') shown.className = 'refused'
    answer.append(shown)
  }
  for (const option of wire.options) {
    const button = make('button', 'option', option)
    button.type = 'button'
    button.addEventListener('click', () => ask(option))
    answer.append(button)
  }
}

async function ask(question) {
  if (running) running.abort()
  const mine = running = new AbortController()
  document.getElementById('hint')?.remove()
  talk.append(make('div', 'question', question))
  const answer = make('section', 'answer')
  answer.append(make('p', 'hint', '正在查找……'))
  talk.append(answer)
  answer.scrollIntoView({block: 'nearest'})
  send.textContent = '停止'
  try {
    const response = await fetch('api/ask', {
      method: 'POST',
      credentials: 'same-origin',
      headers: {...headers(), 'content-type': 'application/json', accept: 'text/event-stream'},
      body: JSON.stringify({question, history: turns.slice(-10), ...limits}),
      signal: mine.signal,
    })
    if (!response.ok) throw new Error((await response.json().catch(() => ({}))).detail || '服务器没有回应，请稍后再试。')
    for await (const {name, data} of events(response)) {
      if (name === 'claim') {
        answer.querySelector('.hint')?.remove()
        answer.append(line(data.text, [], answer))
      } else if (name === 'answer') {
        show(answer, data)
        turns.push({question, answer: data.text})
      } else {
        throw new Error(data.detail)
      }
    }
  } catch (error) {
    answer.querySelector('.hint')?.remove()
    answer.append(make('p', 'wrong', error.name === 'AbortError' ? '已停止。' : error instanceof TypeError ? '连不上服务器，请稍后再试。' : error.message))
  } finally {
    if (running === mine) {
      running = null
      send.textContent = '提问'
    }
    answer.scrollIntoView({block: 'nearest'})
  }
}

document.getElementById('ask').addEventListener('submit', event => {
  event.preventDefault()
  if (running) {
    running.abort()
    return
  }
  const question = box.value.trim()
  if (!question) return
  box.value = ''
  ask(question)
})
box.addEventListener('keydown', event => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault()
    document.getElementById('ask').requestSubmit()
  }
})
parent.postMessage({wenbao: 'ready'}, '*')
