/* The bar of a session. Written by hand, without a build: this is what the browser runs.

It asks its own server every few seconds what the hub says (tre/hub/notices.py), shows it above
the menus, and saves every open document when the session is about to close. */
(() => {
  "use strict";

  const LOOK_MS = 4000;
  const SAVE_MS = 8000;
  const LEAVE_MS = 1500;

  const STYLE = `
    #tre-session { display: flex; flex-wrap: wrap; gap: 0 18px; align-items: center;
      box-sizing: border-box; min-height: 30px; padding: 4px 12px; overflow: hidden;
      font: 13px/1.4 var(--jp-ui-font-family, sans-serif);
      color: var(--jp-ui-font-color0, #111); background: var(--jp-layout-color2, #eee);
      border-bottom: 1px solid var(--jp-border-color1, #999); }
    #tre-session b { font-weight: 600; }
    #tre-session .tre-practice { border: 1px solid currentColor; border-radius: 9px; padding: 0 8px; }
    #tre-session .tre-facts { display: flex; flex-wrap: wrap; gap: 2px 18px; flex: 1; }
    #tre-session .tre-said { flex-basis: 100%; }
    #tre-session .tre-said p { margin: 2px 0; }
    #tre-session.tre-warns { background: #fff3cd; color: #4a3200; border-color: #8a6d00; }
    #tre-session.tre-closes { background: #8b1a10; color: #fff; border-color: #5c0f08; }
    #tre-session.tre-closes a { color: #fff; }
    [data-jp-theme-light="false"] #tre-session.tre-warns { background: #4a3700; color: #ffe9a8; }
  `;

  const element = (name, properties = {}, children = []) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const clock = (seconds) =>
    new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

  const duration = (seconds) => {
    const minutes = Math.max(0, Math.ceil(seconds / 60));
    const hours = Math.floor(minutes / 60);
    return hours ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
  };

  const size = (bytes) => (bytes / 2 ** 20).toLocaleString([], { maximumFractionDigits: 1 });

  const within = (promise, ms) =>
    Promise.race([promise, new Promise((_, late) => setTimeout(late, ms, new Error("late")))]);

  const token = () => /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";

  class Bar {
    constructor(app, base) {
      this.app = app;
      this.base = base;
      this.facts = element("div", { className: "tre-facts" });
      this.said = element("div", { className: "tre-said" });
      this.said.setAttribute("role", "status");
      this.alert = element("div", { className: "tre-said" });
      this.alert.setAttribute("role", "alert");
      this.node = element("div", { id: "tre-session" }, [this.facts, this.said, this.alert]);
      this.node.setAttribute("role", "region");
      this.node.setAttribute("aria-label", "Session");
      this.saved = null;
      this.shown = "";
      this.page = "";
      this.failures = 0;
    }

    async look() {
      let answer;
      try {
        answer = await within(
          fetch(`${this.base}api/tre/notice`, {
            redirect: "manual", cache: "no-store", headers: { "X-XSRFToken": token() },
          }), LOOK_MS * 2);
      } catch {
        return this.silent();
      }
      if (answer.ok) {
        this.failures = 0;
        return this.show(await answer.json());
      }
      // The hub answers in the place of a server that is gone: with a redirect, or with 424.
      if (answer.type === "opaqueredirect" || answer.status === 424) { return this.gone(); }
      return answer.status === 403 ? this.signedOut() : this.silent();
    }

    silent() {
      this.failures += 1;
      if (this.closing && Date.now() / 1000 + this.offset > this.closing.at) { return this.leave(); }
      if (this.failures > 1 && !this.closing) {
        this.say("tre-warns", [
          "The session does not answer just now. What you have not saved stays in this page; "
          + "do not close it.",
        ]);
      }
    }

    signedOut() {
      if (this.closing) { return this.leave(); }
      this.say("tre-warns", [
        "You are signed out. What you have not saved stays in this page: sign in again in another "
        + "window, then save here.",
      ]);
    }

    gone() {
      if (this.closing) { return this.leave(); }
      this.failures += 1;
      if (this.failures > 1) {
        this.say("tre-closes", [
          "This session has stopped. What you have not saved is still in this page. To keep it, "
          + "open the session again from your projects in another window, then save here.",
        ], `${this.base.replace(/\/user\//, "/hub/user/")}`);
      }
    }

    show(notice) {
      if (!notice.project) { return; }
      this.offset = notice.now - Date.now() / 1000;
      const left = notice.ends_at - notice.now;
      const facts = [
        element("span", {}, [element("b", { textContent: notice.title }), ` (${notice.project})`]),
        element("span", { textContent: notice.person }),
      ];
      if (notice.practice) {
        facts.push(element("span", { className: "tre-practice", textContent: "practice: synthetic data" }));
      }
      facts.push(
        element("span", {
          textContent: `${duration(left)} left, until ${clock(notice.ends_at - this.offset)}`,
        }),
        element("span", {
          textContent: `${size(notice.shown)} of ${size(notice.shown_limit)} MiB shown`,
          title: "What kernels and files have sent to browsers in the last 24 hours",
        }));
      this.facts.replaceChildren(...facts);
      this.fit?.();
      this.closing = notice.closing;
      if (notice.closing) { return this.close(notice.closing); }
      this.saved = null;
      this.say(notice.warnings.length ? "tre-warns" : "", notice.warnings);
    }

    close(closing) {
      const when = clock(closing.at - this.offset);
      const why = closing.reasons.map(([safe, sentence]) => `${safe}: ${sentence}`);
      const saved = { true: "Your work has been saved.", false:
        "Not everything could be saved: save it now.", null: "Your work is being saved." };
      this.say("tre-closes", [`This session closes at ${when}. ${saved[this.saved]}`, ...why]);
      this.page = closing.page;
      if (this.saved === null && !this.saving) {
        this.saving = this.save().then((done) => {
          this.saved = done;
          this.saving = undefined;
          this.close(closing);
        });
      }
    }

    async save() {
      try {
        if (this.app.commands.isEnabled("docmanager:save-all")) {
          await within(this.app.commands.execute("docmanager:save-all"), SAVE_MS);
        }
      } catch { /* what is not saved is seen below */ }
      const open = [...this.app.shell.widgets("main")];
      return !open.some((widget) => widget.context?.model?.dirty);
    }

    leave() {
      if (this.left || !this.page) { return; }
      this.left = true;
      setTimeout(() => window.location.assign(this.page), LEAVE_MS);
    }

    say(kind, sentences, link = "") {
      const text = JSON.stringify([kind, sentences]);
      if (text === this.shown) { return; }
      this.shown = text;
      this.node.className = kind;
      const lines = sentences.map((sentence) => element("p", { textContent: sentence }));
      if (link) { lines.push(element("p", {}, [element("a", { href: link, textContent: "What happened" })])); }
      const urgent = kind === "tre-closes";
      (urgent ? this.said : this.alert).replaceChildren();
      (urgent ? this.alert : this.said).replaceChildren(...lines);
      this.fit?.();
    }
  }

  const plugin = (widgets) => ({
    id: "tre-session:bar",
    autoStart: true,
    activate: (app) => {
      const base = JSON.parse(document.getElementById("jupyter-config-data").textContent).baseUrl;
      document.head.append(element("style", { textContent: STYLE }));
      const bar = new Bar(app, base);
      const widget = new widgets.Widget({ node: bar.node });
      bar.fit = () => {
        const parts = [bar.facts, bar.said, bar.alert];
        const height = parts.reduce((sum, part) => sum + part.offsetHeight, 10);
        widget.node.style.minHeight = `${Math.max(30, height)}px`;
        widget.parent?.fit();
      };
      app.shell.add(widget, "header");
      const look = async () => {
        try { await bar.look(); } finally { setTimeout(look, LOOK_MS); }
      };
      app.restored.then(look, look);
    },
  });

  let shared;
  const lumino = async () => {
    const versions = Object.values(shared["@lumino/widgets"]);
    return (await versions[0].get())();
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["tre-session"] = {
    init: (scope) => { shared = scope; },
    get: async () => {
      const widgets = await lumino();
      const module = { __esModule: true, default: [plugin(widgets)] };
      return () => module;
    },
  };
})();
