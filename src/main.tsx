import { createRoot } from 'react-dom/client';
import { App } from './components/app.tsx';
import { createBrowserSession } from './store/browser-session.ts';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/set-up.css';
import './styles/stage.css';
import './styles/tabs.css';
import './styles/charts.css';
import './styles/symmetry.css';
import './styles/teleportation.css';
import './styles/dialogs.css';

const session = createBrowserSession(`${import.meta.env.BASE_URL}presets`);
createRoot(document.getElementById('root')!).render(<App session={session} />);
