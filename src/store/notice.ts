import { createStore } from 'zustand/vanilla';
import type { NoticeState } from './session-types.ts';

/** The notice store: an empty `text` means that there is nothing to say; setting it to '' dismisses the notice. */
export const createNoticeStore = () => createStore<NoticeState>()(() => ({ kind: 'information', text: '' }));
