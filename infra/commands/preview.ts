/** `ripen preview`: mails and workflows as pages that follow the files, or the pictures as files for a pull request. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { diagramOf } from '../../functions/http/diagram.ts';
import { compileFolder } from '../definition-folder.ts';
import { previewPages } from '../preview/handler.ts';
import { servePreview } from '../preview/serve.ts';
import { watchPreview } from '../preview/state.ts';
import { localSender, sesSender } from '../preview/test-send.ts';
import { pictureFor } from '../preview/workflow-page.ts';
import { jsonOption, readPort, workflowsOption } from './options.ts';

interface Options {
  workflows: string;
  port: string;
  system: string;
  ses?: true;
  out?: string;
  json?: true;
}

export const previewCommand = (): Command =>
  new Command('preview')
    .description('show every mail and workflow as pages that follow the files while you edit; part of "start" too')
    .addOption(workflowsOption())
    .addOption(
      new Option('--port <port>', 'the port to listen on, on loopback only')
        .env('PREVIEW_PORT')
        .default('8788')
        .argParser(readPort),
    )
    .addOption(
      new Option(
        '--system <url>',
        'where a running system tells how many leads stand at each step, and takes test mails',
      )
        .env('RIPEN_SYSTEM')
        .default('http://localhost:8787'),
    )
    .option('--ses', 'send test mails through the real SES, with the credentials of the environment')
    .addOption(
      new Option('--out <folder>', 'write the picture of each workflow as SVG and Mermaid there, and end').conflicts(
        'ses',
      ),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nThe sample leads are those of preview.yaml in the folder: `leads: { huong: { name: … } }`.',
    )
    .action(preview);

async function preview(options: Options): Promise<void> {
  if (options.out !== undefined) return writePictures(options.out, options);
  const state = watchPreview(options.workflows);
  const system = options.system.replace(/\/$/, '');
  const send = options.ses ? sesSender : localSender(system);
  const pages = previewPages({ state, system, isPartOfSystem: false, send });
  const server = await servePreview(pages, Number(options.port));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      state.close();
      server.close().then(() => process.exit(0));
    });
  }
  if (options.json) console.log(JSON.stringify({ url: server.url }));
  else console.error(`The preview of ${options.workflows} is at ${server.url}\nCtrl-C stops it.`);
}

/** @throws Error listing what is wrong with the definition, or saying that the folder cannot be written. */
async function writePictures(out: string, { workflows, json }: Options): Promise<void> {
  const definition = await compileFolder(workflows);
  mkdirSync(out, { recursive: true });
  const files = Object.values(definition.workflows).flatMap((workflow) => [
    { name: `${workflow.name}.svg`, text: pictureFor(definition, workflow) },
    { name: `${workflow.name}.mmd`, text: `${diagramOf(workflow)}\n` },
  ]);
  for (const { name, text } of files) writeFileSync(join(out, name), text);
  const written = files.map(({ name }) => join(out, name));
  console.log(json ? JSON.stringify({ written: written.map((file) => resolve(file)) }) : written.join('\n'));
}
