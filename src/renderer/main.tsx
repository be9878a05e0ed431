/** Entry of the page: builds the app for this window and draws it. */
import { createRoot } from 'react-dom/client'
import './ui/fonts.css'
import './ui/tokens.css'
import './ui/base.css'
import './ui/controls.css'
import './ui/sources.css'
import './app/frame.css'
import './keys/key-bar.css'
import './operate/control-bar/control-bar.css'
import { startPage } from './app/start-page.tsx'
import { openTransport } from './app/transport.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
startPage(createRoot(root), openTransport)
