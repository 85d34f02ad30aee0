// The chat that streams, and the progress of a sleep. Everything else works without this file.
"use strict";

const PATIENCE = 1000; // ms between two looks at a sleep

// ---- a sleep: look again while it goes on, and show the new memory when it has ended

async function fetched(path) {
  const answer = await fetch(path, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error("the page cannot be had");
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function replaceKeepingFocus(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement.tagName : "";
  old.replaceWith(fresh);
  if (focused) fresh.querySelector(focused.toLowerCase())?.focus();
}

async function watchSleep() {
  const shown = document.getElementById("sleep");
  if (!shown || shown.dataset.moves !== "yes") return;
  try {
    const fresh = (await fetched(shown.dataset.live)).getElementById("sleep");
    const ended = fresh.dataset.moves !== "yes";
    if (fresh.textContent !== shown.textContent) replaceKeepingFocus(shown, document.adoptNode(fresh));
    if (ended) {
      const page = await fetched(location.pathname);
      document.getElementById("memory").replaceWith(document.adoptNode(page.getElementById("memory")));
      return;
    }
  } catch {
    // The server may be restarting: look again.
  }
  setTimeout(watchSleep, PATIENCE);
}

// ---- the chat: two streams of the same endpoint, one with memory and one without

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (text + value).split("\n\n");
    text = parts.pop();
    for (const part of parts) {
      const data = part.replace(/^data: /, "");
      if (data !== "[DONE]") yield JSON.parse(data);
    }
  }
}

function figuresOf(chunk) {
  const { usage, imprint } = chunk;
  const soft = usage.prompt_tokens_details.soft_tokens;
  const heard = imprint.heard.length ? `, ${imprint.heard.length} heard` : "";
  return `${usage.prompt_tokens - soft} + ${soft} soft tokens in, ${usage.completion_tokens} out${heard}`;
}

async function ask(side, request, token, stop) {
  const answer = side.querySelector("[data-part=answer]");
  side.setAttribute("aria-busy", "true");
  try {
    const response = await fetch("/v1/chat/completions", {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json", "x-imprint-token": token },
      body: JSON.stringify(request),
      signal: stop.signal,
    });
    if (response.status === 401) throw new Error("You are signed out. Load the page again to sign in.");
    if (!response.ok) throw new Error((await response.json()).error.message);
    for await (const chunk of events(response.body)) {
      if (chunk.error) throw new Error(chunk.error.message);
      answer.append(chunk.choices[0]?.delta.content ?? "");
      if (chunk.usage) side.querySelector("[data-part=figures]").textContent = figuresOf(chunk);
    }
  } catch (error) {
    if (!stop.signal.aborted) {
      const problem = document.createElement("p");
      problem.className = "problem";
      problem.setAttribute("role", "alert");
      problem.textContent = error.message;
      answer.after(problem);
    }
  }
  side.removeAttribute("aria-busy");
  return answer.textContent;
}

function startChat(form) {
  const field = form.elements.question;
  const send = form.querySelector("button:not([type])");
  const stopButton = form.querySelector("[data-part=stop]");
  const said = [[], []];
  let stop = null;

  function begin() {
    const question = field.value.trim();
    const shown = document.getElementById("exchange").content.firstElementChild.cloneNode(true);
    shown.querySelector("[data-part=asked]").textContent = question;
    shown.querySelector("input[name=question]").value = question;
    document.getElementById("talk").append(shown);
    shown.scrollIntoView({ block: "nearest" });
    return [question, shown];
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (stop || !field.value.trim()) return;
    const [question, shown] = begin();
    const modes = [form.elements.remember.checked ? "on" : "read", "off"];
    field.value = "";
    stop = new AbortController();
    send.disabled = true;
    stopButton.hidden = false;
    document.getElementById("state").textContent = "Answering";
    const answers = await Promise.all([...shown.querySelectorAll(".pair section")].map((side, i) => {
      const messages = [...said[i], { role: "user", content: question }];
      const { model, user } = form.dataset;
      const request = { model, user, messages, memory: modes[i], stream: true, stream_options: { include_usage: true } };
      return ask(side, request, form.elements.token.value, stop);
    }));
    answers.forEach((answer, i) => {
      if (answer) said[i].push({ role: "user", content: question }, { role: "assistant", content: answer });
    });
    document.getElementById("state").textContent = `With memory: ${answers[0]}. Without memory: ${answers[1]}`;
    stop = null;
    send.disabled = false;
    stopButton.hidden = true;
    shown.scrollIntoView({ block: "nearest" });
    field.focus({ preventScroll: true });
  });
  stopButton.addEventListener("click", () => stop?.abort());
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}

watchSleep();
const chat = document.getElementById("chat");
if (chat) startChat(chat);
