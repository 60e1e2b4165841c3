// Answers, line by line, what the phone makes of a form: {form, answers, today, needed} in, its findings out.
// tests/registry/test_form_agreement.py builds this and asks it the same as the server.
import { createInterface } from "node:readline";
import { type Answers, Filled, type Form, open } from "../../field_api/phone/form";
import { toText } from "../../field_api/phone/form/values";

interface Asked {
  form: Form;
  answers: Answers;
  today: string;
  needed: boolean;
}

export function findings({ form, answers, today, needed }: Asked): unknown {
  const filled = new Filled(form, answers, { today, needed });
  const places = form.order.flatMap((name) => filled.instances(name).map((at) => ({ name, at })));
  const relevant = places.filter(({ name, at }) => filled.isRelevant(name, at));
  const path = ({ name, at }: (typeof places)[number]) => filled.path(name, at);
  return {
    faults: filled.faults().map((fault) => [fault.path, fault.code]),
    relevant: relevant.map(path),
    values: Object.fromEntries(relevant.map((one) => [path(one), toText(filled.value(one.name, one.at))])),
    choices: Object.fromEntries(
      relevant
        .filter(({ name }) => filled.spots.get(name)?.node.list)
        .map((one) => [path(one), filled.choices(one.name, one.at).map((choice) => choice.name)]),
    ),
    progress: open(form, answers, { today, needed }).progress(),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(findings(JSON.parse(line)))}\n`);
}
