import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { acknowledge } from '../operations/acknowledge.ts';
import { createSubscription } from '../operations/create-subscription.ts';
import { createTopic } from '../operations/create-topic.ts';
import { deleteSubscription } from '../operations/delete-subscription.ts';
import { deleteTopic } from '../operations/delete-topic.ts';
import { getSubscription } from '../operations/get-subscription.ts';
import { getTopic } from '../operations/get-topic.ts';
import { getIamPolicy, setIamPolicy, testIamPermissions } from '../operations/iam-policy.ts';
import { listSubscriptions } from '../operations/list-subscriptions.ts';
import { listTopicSubscriptions } from '../operations/list-topic-subscriptions.ts';
import { listTopics } from '../operations/list-topics.ts';
import { modifyAckDeadline } from '../operations/modify-ack-deadline.ts';
import { publish } from '../operations/publish.ts';
import { pull } from '../operations/pull.ts';
import type { PubsubServices } from '../operations/services.ts';
import { updateSubscription } from '../operations/update-subscription.ts';
import { updateTopic } from '../operations/update-topic.ts';
import type { CallContext } from './call-context.ts';
import { getPolicyOnWire, setPolicyOnWire } from './iam-wire.ts';
import { streamingPull } from './streaming-pull.ts';
import { unary } from './unary.ts';

/**
 * The methods that exist, by service. grpc-js answers UNIMPLEMENTED for all others, with their path:
 * snapshots, Seek, ModifyPushConfig, DetachSubscription, the SchemaService.
 */
export function handlers(services: PubsubServices, context: CallContext) {
  return {
    publisher: {
      CreateTopic: unary(createTopic(services), context),
      GetTopic: unary(getTopic(services), context),
      UpdateTopic: unary(updateTopic(services), context),
      ListTopics: unary(listTopics(services), context),
      ListTopicSubscriptions: unary(listTopicSubscriptions(services), context),
      DeleteTopic: unary(deleteTopic(services), context),
      Publish: unary(publish(services), context),
    },
    subscriber: {
      CreateSubscription: unary(createSubscription(services), context),
      GetSubscription: unary(getSubscription(services), context),
      UpdateSubscription: unary(updateSubscription(services), context),
      ListSubscriptions: unary(listSubscriptions(services), context),
      DeleteSubscription: unary(deleteSubscription(services), context),
      Pull: unary(pull(services), context),
      StreamingPull: streamingPull(services, context),
      Acknowledge: unary(acknowledge(services), context),
      ModifyAckDeadline: unary(modifyAckDeadline(services), context),
    },
    iamPolicy: {
      GetIamPolicy: unary(getPolicyOnWire(getIamPolicy(services)), context),
      SetIamPolicy: unary(setPolicyOnWire(setIamPolicy(services)), context),
      TestIamPermissions: unary(testIamPermissions(services), context),
    },
  } satisfies Record<string, UntypedServiceImplementation>;
}
