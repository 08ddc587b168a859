import { acknowledge } from './acknowledge.ts';
import { createSubscription } from './create-subscription.ts';
import { createTopic } from './create-topic.ts';
import { deleteSubscription } from './delete-subscription.ts';
import { deleteTopic } from './delete-topic.ts';
import { getSubscription } from './get-subscription.ts';
import { getTopic } from './get-topic.ts';
import { getIamPolicy, setIamPolicy, testIamPermissions } from './iam-policy.ts';
import { getPolicyOnWire, setPolicyOnWire } from './iam-wire.ts';
import { listSubscriptions } from './list-subscriptions.ts';
import { listTopicSubscriptions } from './list-topic-subscriptions.ts';
import { listTopics } from './list-topics.ts';
import { modifyAckDeadline } from './modify-ack-deadline.ts';
import { publish } from './publish.ts';
import { pull } from './pull.ts';
import type { Operation, PubsubServices } from './services.ts';
import { updateSubscription } from './update-subscription.ts';
import { updateTopic } from './update-topic.ts';

/** An operation whose request comes in the form that Google's definitions give it. */
export type AnyOperation = Operation<never, object>;

/**
 * The operations that exist, by Google's names; StreamingPull stands with gRPC, which alone has streams.
 * What is not here is UNIMPLEMENTED: snapshots, Seek, ModifyPushConfig, DetachSubscription, the
 * SchemaService.
 */
export function operations(services: PubsubServices): ReadonlyMap<string, AnyOperation> {
  return new Map<string, AnyOperation>([
    ['google.pubsub.v1.Publisher.CreateTopic', createTopic(services)],
    ['google.pubsub.v1.Publisher.GetTopic', getTopic(services)],
    ['google.pubsub.v1.Publisher.UpdateTopic', updateTopic(services)],
    ['google.pubsub.v1.Publisher.ListTopics', listTopics(services)],
    ['google.pubsub.v1.Publisher.ListTopicSubscriptions', listTopicSubscriptions(services)],
    ['google.pubsub.v1.Publisher.DeleteTopic', deleteTopic(services)],
    ['google.pubsub.v1.Publisher.Publish', publish(services)],
    ['google.pubsub.v1.Subscriber.CreateSubscription', createSubscription(services)],
    ['google.pubsub.v1.Subscriber.GetSubscription', getSubscription(services)],
    ['google.pubsub.v1.Subscriber.UpdateSubscription', updateSubscription(services)],
    ['google.pubsub.v1.Subscriber.ListSubscriptions', listSubscriptions(services)],
    ['google.pubsub.v1.Subscriber.DeleteSubscription', deleteSubscription(services)],
    ['google.pubsub.v1.Subscriber.Pull', pull(services)],
    ['google.pubsub.v1.Subscriber.Acknowledge', acknowledge(services)],
    ['google.pubsub.v1.Subscriber.ModifyAckDeadline', modifyAckDeadline(services)],
    ['google.iam.v1.IAMPolicy.GetIamPolicy', getPolicyOnWire(getIamPolicy(services))],
    ['google.iam.v1.IAMPolicy.SetIamPolicy', setPolicyOnWire(setIamPolicy(services))],
    ['google.iam.v1.IAMPolicy.TestIamPermissions', testIamPermissions(services)],
  ]);
}
