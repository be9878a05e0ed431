/** Entry of the page: builds the app for this window and draws it. */
import { createRoot } from 'react-dom/client'
import { startPage } from './app/start-page.tsx'
import { openWire } from './app/transport.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
startPage(createRoot(root), openWire)
