import { render } from 'preact';
import './style/base.css';
import { Shell } from './shell';

render(<Shell />, document.getElementById('app')!);
