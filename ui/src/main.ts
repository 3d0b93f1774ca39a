import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { connect } from './lib/backend';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');

mount(App, { target, props: { backend: await connect() } });
