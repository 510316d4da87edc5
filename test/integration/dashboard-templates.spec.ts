import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Templates } from '../../src/dashboard/shell/templates.js';
import { viewsFolder } from '../../src/dashboard/shell/views-folder.js';

describe('the templates', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'ccload-views-'));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  const templatesOf = (files: Readonly<Record<string, string>>): Templates => {
    const folder = mkdtempSync(join(scratch, 'views-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return new Templates(folder);
  };

  it.each([
    ['does not compile', '<% if (it.a) { %>', /pages\/a does not compile/],
    ['is cut off', '<p><%= it.a', /pages\/a does not compile/],
    ['includes one that is missing', `<%~ include('partials/gone', {}) %>`, /pages\/a names the template "partials\/gone"/],
    ['stands in a frame that is missing', `<% layout('layouts/gone') %>`, /pages\/a names the template "layouts\/gone"/],
    ['hides which one it includes', '<%~ include(it.name, {}) %>', /pages\/a must name templates by a text in quotes/],
  ])('stop the start when one %s', (_what, text, sentence) => {
    expect(() => templatesOf({ 'pages/a.eta': text })).toThrow(sentence);
  });

  it('tell every problem at once', () => {
    const load = (): Templates => templatesOf({ 'pages/a.eta': '<% if ( %>', 'pages/b.eta': `<%~ include('pages/c', {}) %>` });
    expect(load).toThrow(/pages\/a [^]*pages\/b /);
  });

  it('escape what they are given, also within a partial', () => {
    const templates = templatesOf({ 'pages/a.eta': `<%= it.text %><%~ include('b', it) %>`, 'b.eta': '<i title="<%= it.text %>">' });
    expect(templates.render('pages/a', { text: `<b>"'&` })).toBe('&lt;b&gt;&quot;&#39;&amp;<i title="&lt;b&gt;&quot;&#39;&amp;">');
  });

  it('of ours write nothing unescaped but partials and the body of the page', () => {
    const files = readdirSync(viewsFolder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.eta'));
    const raw = files.flatMap((file) => readFileSync(join(viewsFolder, file), 'utf8').match(/<%[-_]?\s*~[^%]*%>/g) ?? []);
    expect(raw.length).toBeGreaterThan(0);
    expect(raw.filter((tag) => !/^<%~ (include\('[a-z/-]+', |it\.body %>)/.test(tag))).toEqual([]);
  });

  it('of ours contain no script or style of their own, which the policy of the pages would forbid', () => {
    const files = readdirSync(viewsFolder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.eta'));
    const inline = files.filter((file) => /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=/.test(readFileSync(join(viewsFolder, file), 'utf8')));
    expect(files.length).toBeGreaterThan(0);
    expect(inline).toEqual([]);
  });
});
