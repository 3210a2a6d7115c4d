// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { decode, greys } from "../src/map/raster";
import { homography, matrix3d, through, type Homography, type Point } from "../src/map/homography";
import { packed, paintDepth, paintLevel, palette } from "../src/map/water";
import { length, surface } from "../src/map/work";
import { read } from "../src/panel/draw-panel";
import { across } from "../src/panel/curve";
import da from "../src/text/da.json";
import en from "../src/text/en.json";
import { clock, language, money, number } from "../src/text/text";

const CLASSES = [{ from: 0.05, colour: "#8fc5e8" }, { from: 0.3, colour: "#2f83c5" }];

describe("rasters", () => {
  it("reads heights in terrarium coding", () => {
    expect([...decode(new Uint8ClampedArray([128, 0, 0, 255, 128, 1, 128, 255]))]).toEqual([0, 1.5]);
  });
  it("reads depths in grey", () => {
    expect([...greys(new Uint8ClampedArray([7, 7, 7, 255]))]).toEqual([7]);
  });
});

describe("water", () => {
  const colours = palette(CLASSES);
  const fields = { ground: new Float32Array([0, 1, 1, -2]), reach: new Float32Array([1, 1, 3, -1]), sea: new Uint8Array([0, 0, 0, 1]) };
  it("wets what the sea reaches, by depth, and never the sea itself", () => {
    const out = new Uint32Array(4);
    expect(paintLevel(out, 1.1, fields, colours)).toBe(2);
    expect([...out]).toEqual([packed("#2f83c5"), packed("#8fc5e8"), 0, 0]);
  });
  it("wets nothing below what reaches land", () => {
    expect(paintLevel(new Uint32Array(4), 0.9, fields, colours)).toBe(0);
  });
  it("paints depths in centimetres", () => {
    const out = new Uint32Array(3);
    expect(paintDepth(out, new Uint8Array([4, 5, 255]), new Uint8Array(3), colours)).toBe(2);
    expect(out[0]).toBe(0);
  });
});

describe("perspective", () => {
  const known: Homography = [1.4, -0.3, 120, 0.2, 0.7, 40, 0.0003, -0.0008, 1];
  const net: Point[] = [[0, 0], [500, 0], [500, 500], [0, 500], [130, 410], [300, 20]];
  it("is found again from points that it moved", () => {
    const found = homography(net, net.map((at) => through(known, at)))!;
    found.forEach((each, k) => expect(each).toBeCloseTo(known[k]!, 6));
  });
  it("moves nothing where nothing was moved", () => {
    expect(matrix3d(homography(net, net)!.map((each) => Math.round(each * 1e6) / 1e6 + 0) as unknown as Homography)).toBe("matrix3d(1,0,0,0,0,1,0,0,0,0,1,0,0,0,0,1)");
  });
  it("is not guessed from too few points, or from points on one line", () => {
    expect(homography(net.slice(0, 3), net.slice(0, 3))).toBeNull();
    const line: Point[] = [[0, 0], [1, 1], [2, 2], [3, 3], [4, 4]];
    expect(homography(line, line)).toBeNull();
  });
});

describe("drawn works", () => {
  it("measures lines and areas on the ground", () => {
    expect(length([[9.5, 55.7], [9.5, 55.701]])).toBeCloseTo(111.32, 1);
    const side = 0.001;
    const square: [number, number][] = [[9.5, 55.7], [9.5, 55.7 + side], [9.5 + side, 55.7 + side], [9.5 + side, 55.7]];
    expect(surface(square)).toBeCloseTo(111.32 * 111.32 * Math.cos((55.7 * Math.PI) / 180), -1);
  });
  it("reads typed points, with a Danish comma too, and leaves out what is none", () => {
    expect(read("9.53 55.706\n9,54; 55,71\nhej")).toEqual([[9.53, 55.706], [9.54, 55.71]]);
  });
});

describe("words", () => {
  it("has the same keys in both languages and no braces that only one fills", () => {
    const braces = (text: string) => [...text.matchAll(/\{\w+\}/g)].map((found) => found[0]).sort();
    expect(Object.keys(da).sort()).toEqual(Object.keys(en).sort());
    for (const key of Object.keys(da) as (keyof typeof da)[]) expect(braces(da[key])).toEqual(braces(en[key]));
  });
  it("writes numbers as their readers do", () => {
    language.value = "da";
    expect(number(1234.5, 1)).toBe("1.234,5");
    expect(money(2.35e6)).toBe("2,4 mio. kr.");
    language.value = "en";
    expect(number(1234.5, 1)).toBe("1,234.5");
    expect(clock(3 * 3600 + 300)).toBe("3:05");
  });
  it("spreads days so that the first hours and the last year both show", () => {
    expect(across(0, 730)).toBeLessThan(across(1, 730));
    expect(across(1, 730) - across(0, 730)).toBeGreaterThan((across(730, 730) - across(0, 730)) / 10);
  });
});
