# SPDX-License-Identifier: BSD-2-Clause
"""A browser for tests: headless Chromium through ChromeDriver's HTTP protocol, standard library only."""

import base64
import json
import shutil
import subprocess
import tempfile
import urllib.request

# Chromium would otherwise look for updates and the like, which has no place in a test.
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--force-device-scale-factor=1",
]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the protocol's key of an element's id
ENTER = "\ue007"


class Browser:
    def __init__(self):
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        try:
            self._url = f"http://127.0.0.1:{self._port()}/session"
            options = {"binary": shutil.which("chromium"),
                       "args": FLAGS + [f"--user-data-dir={self._profile.name}"]}
            wanted = {"alwaysMatch": {"goog:chromeOptions": options,
                                      "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}
            self._url += "/" + self._call("POST", "", {"capabilities": wanted})["sessionId"]
        except BaseException:
            self._driver.terminate()
            raise

    def _port(self):
        for line in self._driver.stdout:
            if "started successfully on port" in line:
                return int(line.rstrip(". \n").rsplit(" ", 1)[1])
        raise RuntimeError("chromedriver did not start")

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, {"Content-Type": "application/json"},
                                         method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def close(self):
        try:
            self._call("DELETE", "")
        finally:
            self._driver.terminate()
            self._driver.wait(timeout=20)
            self._driver.stdout.close()
            self._profile.cleanup()

    def open(self, path):
        """Returns when the page has been loaded and its scripts have run."""
        self._call("POST", "/url", {"url": f"file://{path}"})

    def run(self, script, *arguments):
        """The value that `script` returns; `arguments` are in `arguments`."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def wait_for(self, script):
        """The value of the promise that the script returns."""
        body = f"const done = arguments[arguments.length - 1]; (async () => {{ {script} }})().then(done, done);"
        return self._call("POST", "/execute/async", {"script": body, "args": []})

    def find(self, selector):
        return self._call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self._call("POST", f"/element/{self.find(selector)}/click", {})

    def type(self, selector, text):
        self._call("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def devtools(self, command, **parameters):
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def shape(self, width, dark=False, height=900):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.devtools("Emulation.setEmulatedMedia", features=[scheme])
        # Charts follow the width in the next frames.
        self.wait_for("for (let i = 0; i < 3; i += 1) await new Promise(requestAnimationFrame);")

    def screenshot(self, file):
        """The whole page."""
        data = self.devtools("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        with open(file, "wb") as out:
            out.write(base64.b64decode(data))

    def console(self):
        """What the page said on the console since the last call, errors of the browser included."""
        return [entry["message"] for entry in self._call("POST", "/se/log", {"type": "browser"})]

    def requests(self):
        """The addresses asked for since the last call."""
        entries = self._call("POST", "/se/log", {"type": "performance"})
        messages = [json.loads(entry["message"])["message"] for entry in entries]
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"]
