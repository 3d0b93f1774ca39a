"""A small CPU rasteriser: depth buffer, stochastic alpha test, shadow map, soft skin, spherical-harmonic ambient light.

Invariant: kernels write only inside the buffers they are given; larger depth values are nearer (callers pass 1 / z).
Colours are linear light. Deliberately lacks multi-bounce light, refraction and motion blur.
"""

from math import floor

import numba
import numpy as np

SKIN, HAIR, EYE, CLOTH, HARD = 1, 2, 3, 4, 5
_JIT = dict(nogil=True, fastmath=True, cache=True)
LINEAR = ((np.arange(256) / 255.0) ** 2.2).astype(np.float32)


@numba.njit(**_JIT)
def _hash(x, y, k):
    """Repeatable noise in 0…1 from three integers."""
    h = np.uint32(x) * np.uint32(374761393) + np.uint32(y) * np.uint32(668265263) + np.uint32(k) * np.uint32(2246822519)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(1274126177)
    h = h ^ (h >> np.uint32(16))
    return (h & np.uint32(0xFFFFFF)) / 16777216.0


@numba.njit(**_JIT)
def fill(points, faces, uv, texture, texels, offsets, sides, stochastic, depth, owner, bary):
    """Visible triangle and its barycentric coordinates for every pixel. `points`: (x px, y px, 1 / z)."""
    height, width = depth.shape
    for t in range(faces.shape[0]):
        a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
        x0, y0, x1, y1, x2, y2 = points[a, 0], points[a, 1], points[b, 0], points[b, 1], points[c, 0], points[c, 1]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9:
            continue
        left, right = min(x0, min(x1, x2)), max(x0, max(x1, x2))
        top, bottom = min(y0, min(y1, y2)), max(y0, max(y1, y2))
        if right < 0 or bottom < 0 or left >= width or top >= height:
            continue
        z0, z1, z2 = points[a, 2], points[b, 2], points[c, 2]
        inverse, k = 1.0 / area, texture[t]
        for y in range(max(0, int(floor(top))), min(height - 1, int(floor(bottom)) + 1) + 1):
            fy = y + 0.5
            for x in range(max(0, int(floor(left))), min(width - 1, int(floor(right)) + 1) + 1):
                fx = x + 0.5
                w1 = ((fx - x0) * (y2 - y0) - (x2 - x0) * (fy - y0)) * inverse
                w2 = ((x1 - x0) * (fy - y0) - (fx - x0) * (y1 - y0)) * inverse
                w0 = 1.0 - w1 - w2
                if w0 < 0 or w1 < 0 or w2 < 0:
                    continue
                z = w0 * z0 + w1 * z1 + w2 * z2
                if z <= depth[y, x]:
                    continue
                p0, p1 = w0 * z0 / z, w1 * z1 / z  # perspective-correct
                p2 = 1 - p0 - p1
                if k >= 0:
                    u = p0 * uv[t, 0, 0] + p1 * uv[t, 1, 0] + p2 * uv[t, 2, 0]
                    v = p0 * uv[t, 0, 1] + p1 * uv[t, 1, 1] + p2 * uv[t, 2, 1]
                    side = sides[k]
                    iu, iv = int((u - floor(u)) * side) % side, int((1.0 - (v - floor(v))) * side) % side
                    alpha = texels[offsets[k] + (iv * side + iu) * 4 + 3]
                    if alpha < 255:
                        limit = _hash(x, y, t & 7) * 235 + 10 if stochastic else 110.0
                        if alpha < limit:
                            continue
                depth[y, x], owner[y, x], bary[y, x, 0], bary[y, x, 1] = z, t, p0, p1


@numba.njit(**_JIT)
def normals(vertices, faces):
    out = np.zeros_like(vertices)
    for t in range(faces.shape[0]):
        a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
        ex, ey, ez = vertices[b, 0] - vertices[a, 0], vertices[b, 1] - vertices[a, 1], vertices[b, 2] - vertices[a, 2]
        fx, fy, fz = vertices[c, 0] - vertices[a, 0], vertices[c, 1] - vertices[a, 1], vertices[c, 2] - vertices[a, 2]
        nx, ny, nz = ey * fz - ez * fy, ez * fx - ex * fz, ex * fy - ey * fx
        for i in (a, b, c):
            out[i, 0] += nx
            out[i, 1] += ny
            out[i, 2] += nz
    for i in range(out.shape[0]):
        n = (out[i, 0] ** 2 + out[i, 1] ** 2 + out[i, 2] ** 2) ** 0.5 + 1e-12
        out[i, 0] /= n
        out[i, 1] /= n
        out[i, 2] /= n
    return out


@numba.njit(**_JIT)
def _texel(texels, offset, side, linear, u, v, out):
    """Bilinear linear-light colour; the two green differences serve as a bump map."""
    fu, fv = (u - floor(u)) * side - 0.5, (1.0 - (v - floor(v))) * side - 0.5
    iu, iv = int(floor(fu)), int(floor(fv))
    du, dv = fu - iu, fv - iv
    x0, x1, y0, y1 = iu % side, (iu + 1) % side, iv % side, (iv + 1) % side
    for c in range(3):
        a = linear[texels[offset + (y0 * side + x0) * 4 + c]]
        b = linear[texels[offset + (y0 * side + x1) * 4 + c]]
        d = linear[texels[offset + (y1 * side + x0) * 4 + c]]
        e = linear[texels[offset + (y1 * side + x1) * 4 + c]]
        out[c] = (a * (1 - du) + b * du) * (1 - dv) + (d * (1 - du) + e * du) * dv
        if c == 1:
            out[3], out[4] = b - a, d - a


@numba.njit(**_JIT)
def _ambient(sh, c, nx, ny, nz):
    value = sh[c, 0] + sh[c, 1] * ny + sh[c, 2] * nz + sh[c, 3] * nx + sh[c, 4] * nx * ny + sh[c, 5] * ny * nz
    value += sh[c, 6] * (3 * nz * nz - 1) + sh[c, 7] * nx * nz + sh[c, 8] * (nx * nx - ny * ny)
    return max(value, 0.0)


@numba.njit(**_JIT)
def _lit(shadow, matrix, px, py, pz, slope, softness, x, y):
    """Share of the shadow map's neighbourhood that sees the light."""
    sx = matrix[0, 0] * px + matrix[0, 1] * py + matrix[0, 2] * pz + matrix[0, 3]
    sy = matrix[1, 0] * px + matrix[1, 1] * py + matrix[1, 2] * pz + matrix[1, 3]
    sz = matrix[2, 0] * px + matrix[2, 1] * py + matrix[2, 2] * pz + matrix[2, 3]
    side, seen, count = shadow.shape[0], 0.0, 0.0
    jx, jy = _hash(x, y, 3) - 0.5, _hash(x, y, 5) - 0.5
    for oy in range(-1, 2):
        for ox in range(-1, 2):
            qx, qy = int(sx + (ox + jx) * softness), int(sy + (oy + jy) * softness)
            if 0 <= qx < side and 0 <= qy < side:
                count += 1
                if shadow[qy, qx] <= sz + 0.05 + 0.06 * slope:
                    seen += 1
    return seen / count if count > 0 else 1.0


@numba.njit(**_JIT)
def _gloss(material, ndh, facing, ndl, lit, ao, gloss, power, sheen):
    if material == SKIN:
        fresnel = 0.04 + 0.96 * (1 - facing) ** 5
        wide = gloss * ndh**power * (power + 2) / 8
        tight = 0.5 * gloss * ndh ** (power * 4) * (power * 4 + 2) / 8
        return (wide + tight) * fresnel * max(ndl, 0.0) * lit * ao
    if material == HAIR:
        return sheen * ndh**30 * lit * max(ndl, 0.0) * 0.4
    if material == EYE:
        return (1.2 * ndh**300 + 0.08 * ndh**20) * lit
    if material == HARD:
        return 0.6 * ndh**60 * lit
    return 0.02 * ndh**8 * lit


@numba.njit(**_JIT)
def shade(owner, bary, faces, uv, texture, material, tint, texels, offsets, sides, linear, vertices, normal, occlusion, eye,
          sh, directions, colours, shadow, matrix, look, out):
    """Linear RGBA of every covered pixel. `look`: wrap, gloss, gloss power, hair sheen, shadow softness px, bump."""
    height, width = owner.shape
    colour = np.zeros(5, np.float32)
    for y in range(height):
        for x in range(width):
            t = owner[y, x]
            if t < 0:
                continue
            a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
            p0, p1 = bary[y, x, 0], bary[y, x, 1]
            p2 = 1 - p0 - p1
            px = p0 * vertices[a, 0] + p1 * vertices[b, 0] + p2 * vertices[c, 0]
            py = p0 * vertices[a, 1] + p1 * vertices[b, 1] + p2 * vertices[c, 1]
            pz = p0 * vertices[a, 2] + p1 * vertices[b, 2] + p2 * vertices[c, 2]
            nx = p0 * normal[a, 0] + p1 * normal[b, 0] + p2 * normal[c, 0]
            ny = p0 * normal[a, 1] + p1 * normal[b, 1] + p2 * normal[c, 1]
            nz = p0 * normal[a, 2] + p1 * normal[b, 2] + p2 * normal[c, 2]
            ao = p0 * occlusion[a] + p1 * occlusion[b] + p2 * occlusion[c]
            k, m = texture[t], material[t]
            colour[0], colour[1], colour[2], colour[3], colour[4] = 1.0, 1.0, 1.0, 0.0, 0.0
            if k >= 0:
                u = p0 * uv[t, 0, 0] + p1 * uv[t, 1, 0] + p2 * uv[t, 2, 0]
                v = p0 * uv[t, 0, 1] + p1 * uv[t, 1, 1] + p2 * uv[t, 2, 1]
                _texel(texels, offsets[k], sides[k], linear, u, v, colour)
            if m == HAIR:
                grey = 0.3 * colour[0] + 0.5 * colour[1] + 0.2 * colour[2]
                colour[0], colour[1], colour[2] = grey, grey, grey
            if m == SKIN:
                nx += colour[3] * look[5]
                ny += colour[4] * look[5]
            n = (nx * nx + ny * ny + nz * nz) ** 0.5 + 1e-9
            nx, ny, nz = nx / n, ny / n, nz / n
            vx, vy, vz = eye[0] - px, eye[1] - py, eye[2] - pz
            n = (vx * vx + vy * vy + vz * vz) ** 0.5
            vx, vy, vz = vx / n, vy / n, vz / n
            ndv = nx * vx + ny * vy + nz * vz
            if ndv < 0 and m != SKIN:
                nx, ny, nz, ndv = -nx, -ny, -nz, -ndv
            rim = 0.0
            if m == SKIN:
                rim = (1 - max(ndv, 0.0)) ** 5 * 0.25 * look[1] * ao
            elif m == EYE:
                rim = 0.03
            for ch in range(3):
                soft = ao**0.75 if m == SKIN and ch == 0 else ao  # red light bounces more in the creases of skin
                ambient = _ambient(sh, ch, nx, ny, nz)
                out[y, x, ch] = colour[ch] * tint[t, ch] * ambient * soft + rim * ambient
            for i in range(directions.shape[0]):
                lx, ly, lz = directions[i, 0], directions[i, 1], directions[i, 2]
                ndl = nx * lx + ny * ly + nz * lz
                lit = 1.0
                if i == 0 and shadow.shape[0] > 1:
                    lit = _lit(shadow, matrix, px, py, pz, 1 - max(ndl, 0.0), look[4], x, y)
                hx, hy, hz = lx + vx, ly + vy, lz + vz
                n = (hx * hx + hy * hy + hz * hz) ** 0.5 + 1e-9
                ndh = max(0.0, (nx * hx + ny * hy + nz * hz) / n)
                facing = max(0.0, (vx * hx + vy * hy + vz * hz) / n)
                shine = _gloss(m, ndh, facing, ndl, lit, ao, look[1], look[2], look[3]) if ndl > -0.05 else 0.0
                for ch in range(3):
                    if m == SKIN:
                        wrap = look[0] * (1.0 if ch == 0 else 0.45 if ch == 1 else 0.3)
                        diffuse = max(0.0, (ndl + wrap) / (1 + wrap)) * (lit**0.7 if ch == 0 else lit)
                    elif m == HAIR:
                        diffuse = max(0.0, (ndl + 0.3) / 1.3) * lit
                    else:
                        diffuse = max(0.0, ndl) * lit
                    out[y, x, ch] += (colour[ch] * tint[t, ch] * diffuse * (0.4 + 0.6 * ao) + shine) * colours[i, ch]
            out[y, x, 3] = 1.0
