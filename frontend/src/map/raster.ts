/** Rasters from the server: heights in the colours of a picture, depths in grey. */

/** Heights [m] of a picture in terrarium coding, row by row from the north. */
export function decode(pixels: Uint8ClampedArray): Float32Array {
  const heights = new Float32Array(pixels.length / 4);
  for (let i = 0, p = 0; i < heights.length; i++, p += 4) {
    heights[i] = pixels[p]! * 256 + pixels[p + 1]! + pixels[p + 2]! / 256 - 32768;
  }
  return heights;
}

/** Depths [cm] of a grey picture. */
export function greys(pixels: Uint8ClampedArray): Uint8Array {
  const depths = new Uint8Array(pixels.length / 4);
  for (let i = 0, p = 0; i < depths.length; i++, p += 4) depths[i] = pixels[p]!;
  return depths;
}

export async function pixels(address: string): Promise<ImageData> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  // No colour management and no premultiplication: the colours are numbers.
  const picture = await createImageBitmap(await answer.blob(), { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  pen.drawImage(picture, 0, 0);
  return pen.getImageData(0, 0, picture.width, picture.height);
}
