import type { StateCreator } from 'zustand/vanilla';
import type { ChatMessage } from '../app/api';
import type { RoomSlice } from './room';

/** Messages kept: a longer talk scrolls out of memory. */
export const MAX_MESSAGES = 1000;

/** What people have said. */
export interface ChatSlice {
  readonly messages: readonly ChatMessage[];
  /** Messages of others that came while nobody looked. */
  readonly unread: number;
  /** The newest of these, for a glimpse in passing. */
  readonly glimpse: ChatMessage | null;
  /** Whether the messages are on the screen. */
  readonly chatShown: boolean;
  /** Whether the field for writing should take the focus, once. */
  readonly chatWanted: boolean;
  addMessage(message: ChatMessage): void;
  setMessages(messages: readonly ChatMessage[]): void;
  setChatShown(shown: boolean): void;
  setChatWanted(wanted: boolean): void;
  endGlimpse(): void;
}

export const chatSlice: StateCreator<ChatSlice & RoomSlice, [], [], ChatSlice> = (set) => ({
  messages: [],
  unread: 0,
  glimpse: null,
  chatShown: false,
  chatWanted: false,
  addMessage: (message) =>
    set((s) => {
      if (s.messages.some(({ id }) => id === message.id)) return s;
      const messages = [...s.messages, message].slice(-MAX_MESSAGES);
      // What was said before one came is history, not news.
      const news = !s.chatShown && !message.self && message.at.getTime() >= s.enteredAt;
      return news ? { messages, unread: s.unread + 1, glimpse: message } : { messages };
    }),
  setMessages: (messages) => set({ messages, unread: 0, glimpse: null }),
  setChatShown: (chatShown) => set(chatShown ? { chatShown, unread: 0, glimpse: null } : { chatShown }),
  setChatWanted: (chatWanted) => set({ chatWanted }),
  endGlimpse: () => set({ glimpse: null }),
});
