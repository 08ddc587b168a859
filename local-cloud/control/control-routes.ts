import type { ControlServices } from './control-services.ts';
import { decisions } from './decisions.ts';
import { explain } from './explain.ts';
import { faultRoutes } from './fault-routes.ts';
import { indexPage } from './index-page.ts';
import { issueToken } from './issue-token.ts';
import { rotateKeys } from './keys.ts';
import { openApi } from './openapi.ts';
import { type ControlRoute, route } from './route.ts';
import { settingsRoutes } from './settings.ts';
import { state } from './state.ts';

/** Everything that the control API can do. */
export function controlRoutes(services: ControlServices): ControlRoute[] {
  const routes = [
    state(services),
    decisions(services),
    explain(services),
    rotateKeys(services),
    ...faultRoutes(services),
    ...settingsRoutes(services),
    issueToken(services),
  ];
  return [
    route({
      method: 'GET',
      path: '/',
      summary: 'This page',
      handle: ({ request }) => indexPage(routes, `http://${request.headers.host}`),
    }),
    route({
      method: 'GET',
      path: '/openapi.json',
      summary: 'The OpenAPI description',
      handle: () => openApi(routes),
    }),
    ...routes,
  ];
}
