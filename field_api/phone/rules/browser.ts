// Which browser this is, where it matters.

/** WeChat's webview clears what pages keep whenever it likes: nothing may be entrusted to it without a network. */
export function inWeChat(userAgent: string): boolean {
  return /MicroMessenger/i.test(userAgent);
}
