import assert from "node:assert/strict";
import { test } from "node:test";

import { parseLeg, sign } from "../src/legs.js";

test("a leg is read", () => {
  assert.equal(parseLeg("Mill;Ridge;3.5;210m").climb, 210);
});

test("too little is refused", () => {
  assert.throws(() => parseLeg("Mill;Ridge"), {
    message: "a leg needs a start, an end, a distance and a climb",
  });
});

test("a sign is in feet", () => {
  assert.equal(sign(parseLeg("Mill;Ridge;3.5;100ft")), "Ridge 3.5 km, 100 ft up");
});
