// The folders that the stories work in: small, real, and made anew for each run.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A small shop: functions, and calls of each in other files. */
export const SHOP = {
  "README.md": `# The shop

\`postage\` in \`shop/price.py\` says what sending costs.
`,
  "shop/price.py": `"""What a basket costs."""


def price(basket, rate, currency):
    """The sum of a basket, with tax."""
    return round(sum(basket) * (1 + rate), 2)


def postage(weight):
    """What sending costs."""
    return 3.5 if weight < 2 else 6.0
`,
  "shop/receipt.py": `"""What the customer takes home."""

from shop.price import postage, price


def receipt(basket, weight):
    """Two lines: the goods and the sending."""
    goods = price(basket, 0.2, "EUR")
    return [f"goods   {goods}", f"sending {postage(weight)}"]
`,
  "shop/report.py": `"""What was sold on a day."""

from shop.price import price


def report(baskets):
    """The takings of each basket, the largest first."""
    return sorted((price(basket, 0.2, "EUR") for basket in baskets), reverse=True)
`,
  "tests/test_price.py": `from shop.price import price


def test_price_has_tax():
    assert price([1, 2], 0.2, "EUR") == 3.6


def test_nothing_costs_nothing():
    assert price([], 0.2, "EUR") == 0
`,
  "shop/stock.py": `"""What lies in the cellar."""

SHELVES = {}


def reserve(item, count, note):
    """Take something off its shelf for somebody who ordered it."""
    SHELVES[item] = SHELVES.get(item, 0) - count
    return SHELVES[item]
`,
  "shop/orders.py": `"""Orders by letter and by telephone."""

from shop.stock import reserve


def by_letter(items):
    return [reserve(item, 1, "letter") for item in items]


def by_telephone(item, count):
    return reserve(item, count, "telephone")
`,
  "shop/discount.py": `"""Who pays less."""


def discount(total, member, weekday):
    """A tenth for members."""
    return total * 0.9 if member else total
`,
  "shop/till.py": `"""Where it is paid."""

from shop.discount import discount


def pay(total, member):
    """What the customer hands over."""
    return discount(total, member, "Monday")


def quote(total):
    """What a member would pay."""
    return discount(total, True, "Sunday")
`,
  "shop/parcel.py": `"""What goes by post."""


def label(name, street, colour):
    """The lines of an address."""
    return [name, street]
`,
  "shop/desk.py": `"""Where parcels are made up."""

from shop.parcel import label


def pack(order):
    """A parcel for one order."""
    return {"label": label(order.name, order.street, "blue"), "items": order.items}


def back(sender):
    """The label of what is sent back."""
    return label(sender.name, sender.street, "red")
`,
};

/** Write files by their paths into a folder, which need not be there. */
export function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

export function read(folder, name) {
  return readFileSync(path.join(folder, name), "utf8");
}

export function git(folder, ...args) {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_AUTHOR_DATE: "2025-01-01T09:00:00Z",
    GIT_COMMITTER_DATE: "2025-01-01T09:00:00Z",
  };
  return execFileSync("git", args, { cwd: folder, env, encoding: "utf8" });
}

/** The folder as a repository with everything committed. */
export function repository(folder, files) {
  write(folder, files);
  git(folder, "init", "--quiet", "--initial-branch=main");
  git(folder, "config", "user.name", "Ada");
  git(folder, "config", "user.email", "ada@example.org");
  git(folder, "add", ".");
  git(folder, "commit", "--quiet", "--message", "Open the shop");
  return folder;
}
