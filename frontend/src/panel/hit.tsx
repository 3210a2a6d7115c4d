/** Who is hit: services, districts and groups of people, the hardest first. */
import type { Answer } from "../api/types";
import { city } from "../model/state";
import { days, nameOf, number, rough, t, type Key } from "../text/text";

const SHOWN = 6;

export function Services({ answer }: { answer: Answer }) {
  const known = city.value!.services;
  const rows = answer.services.filter((each) => each.hours_without > 0.05).sort((a, b) => b.hours_without - a.hours_without);
  if (!rows.length) return null;
  return (
    <table class="figures">
      <caption>{t("hit.services")}</caption>
      <thead>
        <tr><th scope="col">{t("hit.service")}</th><th scope="col">{t("hit.without")}</th></tr>
      </thead>
      <tbody>
        {rows.map((each) => {
          const service = known.find((one) => one.id === each.id);
          return <tr key={each.id}><th scope="row">{service ? nameOf(service) : each.id}</th><td>{days(each.hours_without / 24)}</td></tr>;
        })}
      </tbody>
    </table>
  );
}

export function Places({ answer }: { answer: Answer }) {
  const names = new Map(city.value!.districts.map((each) => [each.id, each.name]));
  const rows = answer.districts.filter((each) => each.person_days >= 1).sort((a, b) => b.person_days - a.person_days).slice(0, SHOWN);
  if (!rows.length) return null;
  return (
    <table class="figures">
      <caption>{t("hit.districts")}</caption>
      <thead>
        <tr><th scope="col">{t("hit.district")}</th><th scope="col">{t("figure.buildings")}</th><th scope="col">{t("figure.days")}</th></tr>
      </thead>
      <tbody>
        {rows.map((each) => <tr key={each.id}><th scope="row">{names.get(each.id) ?? each.id}</th><td>{number(each.buildings_flooded)}</td><td>{number(rough(each.person_days))}</td></tr>)}
      </tbody>
    </table>
  );
}

const VALUES: Record<string, Key> = {
  da: "group.da", other: "group.other", low: "group.low", middle: "group.middle", high: "group.high",
  children: "group.children", adults: "group.adults", seniors: "group.seniors",
};

export function Groups({ answer }: { answer: Answer }) {
  const rows = answer.groups.filter((each) => VALUES[each.value] && each.people > 0);
  if (!rows.some((each) => each.person_days >= 1)) return null;
  return (
    <table class="figures">
      <caption>{t("hit.groups")}</caption>
      <thead>
        <tr><th scope="col">{t("hit.group")}</th><th scope="col">{t("hit.each")}</th></tr>
      </thead>
      <tbody>
        {rows.map((each) => <tr key={each.group + each.value}><th scope="row">{t(VALUES[each.value]!)}</th><td>{number(each.person_days / each.people, 1)}</td></tr>)}
      </tbody>
    </table>
  );
}
